// what people want done: the verbs of goals, in base form, with the phrases that mean the same.
import { ways } from './ways.ts'

/** concept → ways to say it. */
export const actions: Readonly<Record<string, readonly string[]>> = {
  make: ways(`
    create | make | set up | build | generate | start | add | produce | open new | begin |
    i need | i want | i would like | need | want | i will need | give me | make me | create me | start me |
    establish | prepare | knock up | whip up | set me up | rustle up | fix me up with |
    could do with | i could do with | lay out | i would love | i would love to have | i could use | i be after`),
  save: ways(`save | store | write | put | write down | keep | record | drop`),
  write: ways(`write | save | put | store | enter | type | echo | print | output`),
  overwrite: ways(`
    overwrite | replace content of | replace contents of | replace whole content of | replace text of |
    rewrite | set content of | set contents of | set text of | change text of | change content of | change contents of |
    replace what be in | replace everything in`),
  append: ways(`
    append | add | tack | tack on | attach | write | put | stick | insert | place | join | include | tag |
    enter | pop | slap | bung | stick on | whack`),
  add: ways(`
    append | add | tack | tack on | attach | insert | include | tag on | i want to add |
    i would like to add | put in`),
  prepend: ways(`prepend | add | put | stick | insert | write | place`),
  show: ways(`
    show | show me | display | print | print out | view | read | read out | cat | see | let me see |
    let us see | gimme | give me | tell me | output | open | open up | look at | look into | look in |
    have look at | take look at | let me have look at | can i have look at | can i see | could i see |
    may i see | i would like to see | i would like to know | i would love to know | i would love to see |
    i want to see | i want to know | i need to see | i need to know | i would like to read | list | dump |
    let me read | let me know | present | what be | read me | bring up | pull up | report | get | check |
    find out | get me | fetch | echo | inspect | peek at | want to see | want to know | like to see |
    like to know | would like to see | have | type | type out | type me | let me look at | do you know |
    can you tell me | could you tell me | i be curious | i wonder | any idea | may i know | can i get |
    could i get | may i have | can i have | hand me | pass me | throw me`),
  list: ways(`
    list | show | show me | display | enumerate | print | give me | tell me | name | what be | which be |
    let me see | get | see | ls | dir | see all | output | find | gimme | list out | i would like to see |
    i want to see | can i see | let us see | check | list me | view | present | look up | look at`),
  find: ways(`
    find | find me | locate | look for | search | search for | seek | i be look for | be look for |
    track down | show | show me | list | list me | give me | gimme | get | get me | which be | what be |
    tell me | be there | be there any | do i have | do i have any | have i got | have i got any | i have |
    hunt for | hunt down | let me see | see | display | print | detect | identify | discover | pick out |
    dig up | dig out | look up | find out | scan for | i would like to see | i want to see | where be |
    which | what | point out | can i see | let us see | return | fetch | check for |
    be there such thing as | i need list of | i want list of | give me list of | show me list of |
    make list of | which one be | can you see | you see | ls | show list of | report | name`),
  search: ways(`
    search | search for | look for | look up | find | find me | grep | grep for | scan | scan for |
    hunt for | show | show me | list | give me | get | print | display | seek | locate | i be look for |
    what be | which be | fetch | pull out | pick out | filter`),
  delete: ways(`
    delete | remove | erase | get rid of | bin | trash | throw away | throw out | discard | scrap | rm |
    rmdir | ditch | dump | unlink | dispose of | do away with | drop | del | wipe | put in trash |
    i want to delete | i want to get rid of | chuck | chuck out | toss | toss out | kill | eliminate |
    clear away | clear out | clean up | send to trash | take away | purge | get shot of | be rid of | see off |
    zap | wipe out | blow away | rub out | chuck away | toss away | put in bin | lose | junk`),
  copy: ways(`
    copy | duplicate | clone | replicate | make copy of | create copy of | make duplicate of |
    create duplicate of | take copy of | back up | backup | cp | put copy of | place copy of |
    save copy of | store copy of | make backup of | create backup of | make backup copy of |
    create backup copy of | drop copy of | i need copy of | i want copy of | i would like copy of |
    keep copy of | leave copy of | make spare copy of | have copy of | pop copy of | bung copy of | stick copy of |
    whack copy of | shove copy of | run off copy of | knock off copy of | chuck copy of | make second copy of |
    make another copy of | make me copy of | do copy of | take duplicate of | make spare of | keep spare of`),
  move: ways(`
    move | shift | relocate | mv | transfer | put | stick | place | bring | drag | drop | take | carry |
    move over | shift over | stash | tuck | push | stow | pop | bung | shove | chuck | whack | slip | lob |
    sling`),
  rename: ways(`
    rename | change name of | retitle | rename file | rename folder | mv | move | relabel | rechristen |
    call | change filename of | change title of`),
  replace: ways(`
    replace | swap | change | exchange | switch | turn | convert | set | edit | swap out |
    correct | alter | amend | update | modify`),
  count: ways(`
    count | count up | tally | how many | number of | count of | give me number of | total number of |
    what be number of | tell me how many | show number of | show me how many | tell me number of |
    add up | work out number of | calculate number of | what be total number of | what number of |
    amount of | show count of | give me count of | i want to know how many |
    i would like to know how many | find out how many | work out how many | say how many |
    let me know how many | number | determine how many | check how many`),
  sort: ways(`
    sort | order | arrange | alphabetise | alphabetize | put in order | rank | organise | organize`),
  compare: ways(`
    compare | diff | show difference between | show me difference between | what be difference between |
    difference between | what be different between | what differ between | how do | contrast |
    tell me difference between | show what be different between | spot difference between |
    find difference between | show what differ between | tell me what be different between |
    what have change between | what change between | list difference between | check difference between |
    be there difference between | be there any difference between | explain difference between |
    display difference between | give me difference between | see difference between`),
  compress: ways(`
    zip | zip up | compress | pack | pack up | archive | bundle | bundle up | tar | gzip |
    make archive of | make archive from | create archive of | create archive from | put | squeeze |
    wrap | wrap up | tar up | roll up | turn | package | package up`),
  extract: ways(`
    extract | unpack | unzip | untar | decompress | uncompress | unarchive | expand | inflate | open |
    open up | unbundle | extract content of | extract contents of | extract everything from |
    extract all file from | unpack content of | extract file from | unpack file from | unwrap | explode |
    restore | get file out of | extract all from | unzip content of | unpack contents of |
    unpack everything from | take file out of | extract file in`),
  remember: ways(`
    remember | remember that | note to self | note to self that | note to myself | note to myself that | note | note that | note down | note down that | keep in mind |
    keep in mind that | make note | make note that | make note of fact that | take note | take note that |
    do not forget | do not forget that | jot down | jot down that | memorise | memorize | memorise that |
    memorize that | write down | write down that | bear in mind | bear in mind that | store fact that |
    save fact that | please remember | can you remember | remember for me | remember for me that |
    remember following | store this fact | save this fact | note this fact | keep this fact |
    remember this fact | store this note | save this note | save note | save note that | save this note | store note |
    for your note | for your record | for your memory | here be something to remember | something to remember | put this in your memory |
    put this in your note | put in your memory | put in your memory that | add this to your note | add to your note | add to your note that | add this to your memory | you should remember | you should remember that | you must remember |
    you must remember that | you need to remember | you need to remember that | please keep in your memory |
    put in your note | put in your note that | write in your note | write in your note that | keep in memory | keep in memory that | make sure to remember | make sure to remember that | make sure you remember | make sure you remember that |
    i would like to note | i would like to note that | i want to note | i want to note that | one thing to remember | another thing to remember | thing to remember | keep this in mind | keep following in mind | store that |
    add note | add note that | new note | take down | take down that |
    add to memory | add to memory that | store in memory | store in memory that | learn that |
    know that | i want you to know | you should know | put on record | put on record that |
    for future reference | fyi | make mental note | make mental note that | commit to memory |
    commit to memory that | log that | record that | remind yourself |
    remind yourself that | let it be know that | file away | file away that | save in memory |
    save in memory that | save to memory | save to memory that | never forget | never forget that |
    i want you to remember | i want you to remember that | i would like you to remember |
    i would like you to remember that | keep note | keep note that`),
  forget: ways(`
    forget | forget about | forget all about | forget everything about | forget everything i say about |
    forget what i tell you about | forget what i say about | forget what you know about |
    forget everything you know about | forget what you remember about | forget fact that | forget that |
    forget note about | forget note on | delete note about | remove note about | erase note about |
    delete memory of | delete memory about | delete what you know about | remove what you know about |
    erase what you know about | you can forget | you can forget about | you may forget |
    you may forget about | erase from memory | erase from your memory | delete from memory |
    delete from your memory | unlearn | stop remember | please forget | remove from memory |
    remove from your memory | delete everything about | remove everything about | erase everything about |
    discard what you know about | drop what you know about | drop note about | get rid of note about |
    delete everything you know about | erase everything you know about | you can forget note about |
    erase memory of | wipe what you know about | delete fact about | remove fact about |
    forget my note about | scrap note about | scrap note on | bin note about | bin note on | throw away note about | throw out note about | wipe note about | you do not need to remember |
    you do not have to remember | you need not remember | you no longer need to remember | no need to remember | stop remember anything about | delete my note about | remove my note about | delete note on |
    remove everything you know about | forget note`),
  recall: ways(`
    what do you know about | what do you know of | what do you remember about | what do you remember of |
    what do i tell you about | what have i tell you about |
    what do i say about | what have i say about | what have you note about | what have you get on |
    do you know anything about | do you know something about | do you remember anything about |
    do you remember something about | do you remember | do you recall | do you recall anything about |
    recall | recall what you know about | have i tell you anything about | have i tell you about |
    do i tell you anything about | do i tell you about | tell me what you know about |
    tell me what you remember about | tell me everything you know about |
    what be in your memory about | what note do you have about | what note do you have on |
    any note about | any note on | show note about | show me note about | find note about |
    search your memory for | search memory for | search your note for | search my note for |
    search note for | look up in your memory | look in your memory for | remind me what you know about |
    remind me what i tell you about | remind me what i say about | what be you know about |
    what do we know about | show what you know about | show me what you know about |
    list what you know about | do i ever tell you about | do i ever mention | have i ever mention |
    have i mention | have i mention anything about | do i mention | do i mention anything about |
    do you have anything on | do you have anything about | do you have any note about |
    do you have any note on | do you have any information about | do you have any information on |
    be there note about | be there any note about | be there anything about | what have you store about |
    what information do you have about | what information do you have on | what be my note about |
    what be my note on | show me my note about | show my note about | what be note about |
    what do your memory say about | what do my note say about | do you still know |
    do you still remember | find in memory | list note about | list my note about |
    what do i want you to remember about | anything in your memory about | anything in memory about | anything in your note about | do you have something about | do you have anything in memory about | anything about |
    what do your note say about | what do your note say on | what do note say about | what do you have store about | what do you have note about | what have you write down about |
    look in your note for | look in note for | look through your note for | look through your memory for | check your note for | check your memory for | do your memory hold anything about |
    do your memory have anything about | do your note mention | do your note say anything about | do i ever say anything about | do i say anything about | have i say anything about |
    have i ever say anything about | have you any note on | have you any note about | have you note anything about | what do you know of | have you store anything about | be anything note about | what do i ask you to remember about`),
  remind: ways(`
    remind me | set reminder | make reminder | create reminder | add reminder | set up reminder |
    set reminder for me | do not let me forget | wake me | wake me up | alert me | notify me | ping me |
    nudge me | schedule reminder | set alarm | new reminder | reminder | i need reminder |
    i want reminder | i need to be remind | i need remind | i want remind | give me reminder | set me reminder | put in reminder |
    i want to be remind | give me nudge | i would like reminder |
    i would like to be remind | get me up | call me | warn me | i must not forget |
    make sure i do not forget | leave me reminder | buzz me | remember to remind me | send me reminder |
    alarm`),
  cancel: ways(`
    cancel | delete | remove | stop | drop | clear | turn off | switch off | get rid of | call off |
    scrap | forget | dismiss | abort | discard | erase | kill | disable | i do not need |
    i no longer need | unset | end | revoke | void | wipe | quit | scratch`),
  calculate: ways(`
    calculate | compute | what be | how much be | work out | evaluate | solve | tell me | how many be |
    give me | find | figure out | what do | show me | do math | what be result of | result of |
    what be value of | what equal | determine | say | can you calculate | reckon | what would | show |
    what be answer to | eval | math | calc`),
  convert: ways(`
    convert | change | turn | express | translate | transform | what be | how much be | how many be |
    give me | tell me | calculate | show | show me | work out | what do | put | switch | how long be |
    how far be | how heavy be | how hot be | how warm be | how cold be | how big be | how tall be |
    how fast be | compute`),
  run: ways(`run | execute | launch | fire up | spawn`),
  undo: ways(`undo | revert | roll back | rollback | take back | reverse | put back | restore`),
}
