// what goals are about besides files and machine: LOTUS itself, lines and words, orders and states.
import { ways } from './ways.ts'

/** concept → ways to say it. */
export const topics: Readonly<Record<string, readonly string[]>> = {
  reminder: ways(`
    reminder | timer | alarm | reminder and timer | timer and reminder | alert | pending reminder |
    open reminder | active reminder | upcoming reminder | current reminder | due reminder |
    scheduled reminder | nudge`),
  lotus: ways(`
    lotus | you | yourself | your | nucleus | this assistant | assistant | lotus itself | this os |
    this program`),
  spend: ways(`
    spend | cost | expense | spending | money | bill | expenditure | price | budget | dollar |
    usage cost | total cost | total spend | fee | charge | outlay | invoice | money spend | expenses |
    burn | run up`),
  model: ways(`
    model | language model | llm | ai model | large language model | ai | neural network | llm model |
    language ai | gpt | chat model | ai engine | ai backend | model backend | ollama | local model |
    model provider | provider`),
  run_record: ways(`
    run | history | action | activity | goal | task | past goal | past run | job | log of action |
    recent activity | recent run | recent goal | previous goal | previous run | past action |
    recent action | record | request | command | past command | recent history | work | activity log |
    past activity | last goal | previous request | operation | session history`),
  ability: ways(`
    ability | capability | skill | feature | function | trace | thing you can do | what you can do |
    innate trace | innate skill | power | talent | command | trick | what you be capable of |
    built-in skill | built in skill | innate ability | competence | what you be able to do |
    what thing you can do | what all you can do`),
  module: ways(`
    module | component | part | lotus module | plugin | core module | nucleus module | building block |
    subsystem | submodule | unit`),
  extension_word: ways(`
    extension | file extension | ending | file ending | suffix | type | file type | kind | file kind | format |
    file format | sort | kind of file | type of file`),
  ignoring_case: ways(`
    ignore case | ignore the case | without regard to case | case insensitively | case insensitive |
    in any case | regardless of case | whatever the case | upper or lower case | case-insensitive |
    case-insensitively | no matter the case | with any case`),
  field_word: ways(`field | key | setting | property | parameter | option | entry | attribute | variable | value`),
  line: ways(`line | row | text line | line of text | record | entry | item`),
  word: ['word', 'term'],
  character: ways(`character | char | letter | symbol | sign | glyph`),
  duplicate: ways(`
    duplicate | duplicated | repeated | double | repeat | redundant | repetition | recurring | doubled |
    duplicate copy of`),
  unique: ways(`
    unique | distinct | different | individual | separate | non-duplicate | distinctive | various |
    deduplicated | nonrepeating | non-repeating`),
  dedupe: ways(`
    dedupe | deduplicate | dedup | uniq | remove duplicate from | remove duplicate in |
    drop duplicate from | drop duplicate in | delete duplicate from | delete duplicate in |
    get rid of duplicate in | eliminate duplicate from | eliminate duplicate in | strip duplicate from |
    remove repeat from | clear duplicate from | weed out duplicate in | clean up duplicate in | uniquify |
    get rid of duplicate from | filter duplicate from | filter out duplicate in | clear out duplicate in |
    throw out duplicate in | erase duplicate from`),
  first: ways(`
    first | top | initial | start | open | head | begin | leading | opening | beginning | upper |
    earliest | uppermost`),
  last: ways(`last | final | bottom | end | tail | close | closing | ending | concluding | lowest`),
  latest: ways(`
    last | latest | most recent | newest | recent | previous | most recently make | final | current |
    head | freshest | very last | youngest`),
  earliest: ways(`first | oldest | earliest | initial | very first | original | root`),
  ascending: ways(`
    alphabetically | in alphabetical order | alphabetical order | in order | sort | from a to z | a to z |
    a-z | ascending | in ascending order | by alphabet | sorted | in sorted order | sort alphabetically |
    sort in alphabetical order | from smallest to largest | numerically | in numerical order |
    in numeric order | from lowest to highest | by name | sort by name | order alphabetically |
    sort a to z | sort from a to z | in dictionary order | lowest first | smallest first | lexically |
    in lexical order | lexicographically | sort in ascending order | sort ascending | alphabetical |
    sort numerically | in increasing order | low to high | from low to high | sort in numerical order |
    from small to large | ordered alphabetically | alphabetised | from least to greatest | increasing |
    by value | smallest to largest | from small to big | by number | a first | arranged alphabetically`),
  descending: ways(`
    in reverse alphabetical order | reverse alphabetical order | in reverse order | from z to a | z to a |
    z-a | descending | in descending order | reverse alphabetically | sort in reverse | sort descending |
    sort in descending order | sort in reverse alphabetical order | backward alphabetically |
    in reverse sort order | from largest to smallest | from highest to lowest | sort backward |
    sort z to a | sort from z to a | reverse sort | alphabetically in reverse |
    in backward alphabetical order | alphabetically backward | alphabetically in reverse order |
    highest first | largest first | biggest first | sort in reverse order | reversed |
    in decreasing order | high to low | from high to low | from large to small |
    alphabetically from z to a | from biggest to smallest | from largest number to smallest |
    from big to small | decreasing | from greatest to least | in reverse numerical order | z first |
    reverse order | descending order | in inverse alphabetical order | reverse-sorted |
    in reverse dictionary order | largest to smallest`),
  same: ways(`
    same | identical | equal | alike | exact same | equivalent | match | copy of each other | same file |
    same content | exactly same | one and same | any different | different | duplicate of each other |
    exact copy | the same content | in sync | byte for byte same | byte-identical | completely same |
    exactly alike | a match | identical copy | exact copy of each other | duplicate | identical content`),
  each_once: ways(`
    each once | once each | each only once | only once | every one once | without duplicate |
    without repetition | without repeat | no duplicate | no repeat | each one once | one time each |
    only once each | each of them once | just once each | skip duplicate | ignore duplicate |
    duplicate remove | with duplicate remove | with no duplicate | minus duplicate | with no repeat`),
  occurrences: ways(`occurrence of | time do | occurrence | instance of | mention of | appearance of`),
  appear: ways(`
    appear | occur | show up | come up | be there | crop up | exist | be find | be mention | be use | be |
    turn up | pop up | be contain | stand`),
  exist: ways(`
    exist | be there | be present | be here | already exist | be in place | be around | still exist |
    be still there | actually exist | be available`),
  anything: ways(`anything | something | what | any file | thing | any`),
  everything: ways(`everything | all of it | all | all file | all content | every file | the lot | all thing`),
  word_text: ways(`
    word | text | string | phrase | term | expression | name | pattern | sequence | keyword | identifier |
    character | letter | symbol | tag | label | sentence | literal | title`),
  case_upper: ways(`
    upper case | uppercase | capital | capital letter | upper-case | all cap | all capital | cap |
    block letter | block capital | capitals | upper case letter | uppercase letter`),
  case_lower: ways(`
    lower case | lowercase | small letter | lower-case | lower case letter | lowercase letter |
    non-capital`),
  blank: ways(`blank | empty | void | zero-length | zero length | whitespace-only | white`),
  status: ways(`
    status | state | health | condition | health status | wellbeing | health report | health check |
    health state | status report | current status | current state | overall health | general health |
    overall status | system status`),
  abilities_without_model: ways(`
    without model | without language model | without llm | without ai | with no model |
    without any model | with no model around | without any llm | without having model | on your own |
    by yourself | offline | with no llm | without ai model | without key | without api key |
    if there be no model | when there be no model | without internet | with no language model |
    without help of model | without any ai | when no model be available | if no model be available |
    all by yourself | right now | for me | out of box | with no ai | with no model available |
    with no model at hand | in absence of model | when no llm be available | with no key |
    when you have no model | if you have no model | without any language model | while there be no model |
    so far`),
  recent: ways(`
    recently | lately | last | just | just now | so far | most recently | a moment ago | today |
    in last hour | until now | up to now | before this | before | earlier | previously | in this session |
    in recent past | right now | up to this point | this session | till now | a minute ago | moment ago |
    minute ago | just before | right before this | already`),
  be: ['be'],
  do: ['do'],
  have: ways(`have | get | have get | own | possess`),
}
