// frames around a question: who wants to know, what it is about, and what was said first only to explain it.
import { mark } from './masking.ts'
import { rule } from './rule.ts'
import type { Rule } from './rule.ts'

const stop = '(?:,|;|:|\\.|!|\\?| [-–—])+ '
const wanting =
  "(?:please |now |and )*(?:(?:can|could|would|will) you (?:please |kindly |just )*)?(?:(?:just )?(?:show|tell)(?: me)?|let me (?:see|know)|list|check|verify|confirm|see|look|find out|say|explain|(?:i|we)(?:['’]d| would) (?:like|love) (?:to (?:see|know|find out|hear)|you to (?:tell|show) me)|(?:i|we) (?:want|need|have) to (?:see|know|find out)|i(?:['’]m| am)? wonder(?:ing)?|any idea|i(?: have|['’]ve)? (?:forgot(?:ten)?|forget)|i (?:don['’]t|do not) (?:know|remember)|i (?:can['’]t|cannot) (?:remember|recall)|(?:do|would) you (?:happen to )?know)"

/** what machines, programs and files have, said as `its size`, `lampkeeper's pid`. */
const properties =
  '(?:(?:process|commit|host|user|full|exact|total|current|latest|last|network|ip|disk) )*(?:pids?|process ids?|process numbers?|ports?|sizes?|weight|footprint|age|length|owner|permissions?|contents?|version|uptime|load|hash|author|message|subject|commits?|addresse?s?|ip|name|path|architecture|hostname|kernel|branch(?:es)?|tags?|load average)'

/** what a second sentence leaves out, because the first has named it. */
const topics: readonly (readonly [RegExp, string])[] = [
  [/\b(?:disks?|drives?|hard ?drives?|ssd|storage|disk space)\b/i, 'disk space'],
  [/\bswap\b/i, 'swap'],
  [/\b(?:ram|memory)\b/i, 'memory'],
  [/\b(?:cpus?|processors?)\b/i, 'cpu'],
]

const topicOf = (sentence: string): string | undefined => topics.find(([words]) => words.test(sentence))?.[1]

const devours = /\b(?:us|eat|tak|hog|fill|gobbl|burn|chew|devour|drain|consum|occup|load|slow|need)\w*\b/i

const sorry =
  "(?:oops|whoops|oh no|oh dear|ouch|damn|argh|no+|(?:no,? )?wait|hang on|hold on|my (?:bad|mistake|fault|error)|never ?mind|that was (?:wrong|a mistake|an accident|not what i (?:wanted|meant))|i (?:did not|didn['’]t) (?:want|mean) (?:that|it|this|to do that|you to do that)|i(?: have|['’]ve)? (?:made a mistake|changed my mind))"

export const frames: readonly Rule[] = [
  rule(`(?:${sorry}${stop})+(?<rest>.+)`, ({ rest = '' }) => rest),
  // `am I running out of disk? how much is left?`, `the hard drive: how much is free?`
  rule(
    `(?<first>[^.?!:,;]+)(?<stop>(?:[.?!:,;]| [-–—])+) (?:so |and )?how (?:much|many)(?: of (?:it|that))?(?: (?:space|room))? (?<rest>(?:is|do|have|are|['’]s)\\b[^.?!]*)(?<end>[.?!]*)`,
    ({ first = '', stop: mark = '', rest = '', end = '' }) => {
      const topic = topicOf(first)
      if (topic === undefined || topic === 'cpu' || /⟦|\b(?:folders?|director|files?|sticks?|cards?)/i.test(first))
        return undefined
      if (!/[.?!]/.test(mark) && first.split(' ').length > 3) return undefined
      return `how much ${topic} ${rest}${end}`
    },
  ),
  // `how busy is the machine right now? I mean the load average`: the second sentence says what is meant by the first
  rule(
    `(?:how|what|which|is|are)\\b[^.?!⟦]+[.?!]+ (?:i mean|i meant|meaning|i am asking about|i['’]m asking about) (?<what>(?:the|my|its) (?:(?:system |cpu )?load(?: average)?|uptime|host ?name|kernel(?: version)?|architecture|ip address(?:es)?))[.?!]*`,
    ({ what = '' }) => `what is ${what.replace(/^its /i, 'the ')}`,
  ),
  // `what's eating my cpu? top 4 please`
  rule(
    `(?<first>(?:what|who|which)[^.?!]+)[.?!,]+ (?:(?:just|please|show|give|list|only|me|the|and) )*top (?<count>[a-z]+|\\d+)(?: (?:processes|programs|ones|of them|offenders|candidates|culprits))?(?: please| only)*[.?!]*`,
    ({ first = '', count = '' }) => {
      const topic = topicOf(first)
      return (topic !== 'cpu' && topic !== 'memory') || !devours.test(first)
        ? undefined
        : `top ${count} processes by ${topic}`
    },
  ),
  rule(
    "how (?<how>long|big|large|heavy|old|full|busy)['’]s (?<rest>.+)",
    ({ how = '', rest = '' }) => `how ${how} ${/ (?:been|got) ?/i.test(rest) ? 'has' : 'is'} ${rest}`,
  ),
  // `is docs big? how big?`
  rule(
    '(?:is|are) (?<what>$thing) (?<how>big|large|heavy|old|long|full|busy)\\? (?:and )?how \\k<how>(?: exactly)?[?.]*',
    ({ what = '', how = '' }) => `how ${how} is ${what}`,
  ),
  rule(`${wanting} (?<rest>(?:what|which|who|whose|where|when|how)(?:['’]s|['’]ve)?\\b .+)`, ({ rest = '' }) => rest),
  // `see if nginx is up`
  rule(
    `${wanting} (?:if|whether|that) (?<who>$thing) (?<is>is|are|was|were|has|have|does|can) (?<rest>.+)`,
    ({ who = '', is = '', rest = '' }) => `${is} ${who} ${rest}`,
  ),
  rule(
    `${wanting} (?:if|whether) (?<who>i|you|we)(?<is>['’](?:m|re|ve)| (?:am|are|have|can)) (?<rest>.+)`,
    ({ who = '', is = '', rest = '' }) => `${opened(is)} ${who} ${rest}`,
  ),
  // `what you have learned`: `what have you learned`
  rule(
    "(?<ask>what|which [a-z ]+?|where|who|how(?: [a-z]+)?) (?<who>you|i|we|lotus|it)(?<is>['’](?:ve|re|m|d)| (?:are|am|is|have|has|can|could|will|did|do|would))(?<rest>(?: .+)?)",
    ({ ask = '', who = '', is = '', rest = '' }) => `${ask} ${opened(is)} ${who}${rest}`,
  ),
  rule(
    '(?<ask>what|which [a-z ]+?) (?<who>you|i|we) (?<verb>know|remember|recall|do|offer|need|use|keep|hold)(?<rest>.*)',
    ({ ask = '', who = '', verb = '', rest = '' }) => `${ask} do ${who} ${verb}${rest}`,
  ),
  rule(
    '(?<ask>what|which [a-z ]+?) (?<who>you|i|we) (?:just )?(?<verb>did|made|wrote|said|told|[a-z]+ed)(?<rest>(?: .+)?)',
    ({ ask = '', who = '', verb = '', rest = '' }) => `${ask} did ${who} ${verb === 'did' ? 'do' : verb}${rest}`,
  ),
  // `how full the drive is`, `how much space the disk still has`
  rule(
    '(?<ask>how (?:full|big|large|heavy|busy|old|long|healthy|loaded)) (?<who>(?:the |my |this |that )[\\p{L}\\p{N}⟦⟧ ._-]+?) is(?<end>[?.!]*)',
    ({ ask = '', who = '', end = '' }) => `${ask} is ${who}${end}`,
  ),
  rule(
    '(?<ask>how (?:much|many) [a-z ]+?) (?<who>(?:the|my|this|that) [\\p{L}\\p{N}⟦⟧._-]+)(?<still> still)? has(?<rest>.*)',
    ({ ask = '', who = '', still = '', rest = '' }) => `${ask} does ${who}${still} have${rest}`,
  ),
  // `nginx running?`
  rule(
    '(?<who>(?!(?:what|which|who|how|where|when|is|are|do|does|any|anything)\\b)$thing) (?<what>(?:(?:already|still|not) )?(?:running|up|alive|down|dead|installed|enabled|active|taken|healthy|clean|dirty|crashed))\\?+',
    ({ who = '', what = '' }) => (/\b(?:is|are|was|be|has|have)\b/i.test(who) ? undefined : `is ${who} ${what}?`),
  ),
  // `lampkeeper - what's its pid?`
  rule(
    `(?<what>$thing)${stop}(?<head>(?:(?:what|which)(?: is|['’]s| are)?|show(?: me)?|tell me|give me) )its (?<noun>${properties})(?<end>[?.!]*)`,
    ({ what = '', head = '', noun = '', end = '' }) => `${head}the ${noun} of ${what}${end}`,
  ),
  rule(
    "(?<head>(?:.*? )?)(?:the )?(?<who>(?:(?:this|that|my|each|every|our|(?<=the )(?:[\\p{L}-]+ ){1,2}) ?)?[\\p{L}\\p{N}⟦⟧._-]+)['’]s? (?:own )?" +
      `(?<noun>${properties})(?<tail>(?:[ ?.!].*)?)`,
    ({ head = '', who = '', noun = '', tail = '' }) => {
      if (/^(?:what|who|where|when|how|it|that|there|here|let|which|he|she|today|yesterday|everyone)$/i.test(who))
        return undefined
      // a person has two names: `Ravi Menon's commits`
      const first = /(?:^| )(\p{Lu}\p{Ll}+) $/u.exec(head)?.[1]
      const isName = first !== undefined && /^\p{Lu}/u.test(who) && !verbs.test(first)
      const before = isName ? head.slice(0, head.length - first.length - 1) : head
      return `${before}the ${noun} of ${isName ? `${first} ` : ''}${who}${tail}`
    },
  ),
  // `the three latest commits, which are they?`, `commits so far: how many?`
  rule(
    `(?<what>[^,;:?!]+?)(?:,|:|;| [-–—]) (?<ask>what|which|who) (?<is>is|are|was|were|['’]s) (?:it|they|that|those|these)(?: called| exactly)?[?.!]*`,
    ({ what = '', ask = '', is = '' }) => `${ask} ${is} ${what}`,
  ),
  rule('(?<what>[^,;:?!]+?)(?:,|:| [-–—]) how many(?: (?:are|is) (?:there|it))?[?.!]*', ({ what = '' }) => {
    const plain = what.replace(/^(?:the|all|all the|my|our) /i, '')
    return `how many ${plain}`
  }),
  // `between a.txt and b.txt, which is larger?`
  rule(
    '(?:between|of|out of) (?:the )?(?<one>$thing) and (?:the )?(?<other>$thing), (?<ask>(?:which|what)(?: one)? .+?)[?.!]*',
    ({ one = '', other = '', ask = '' }) => `${ask}, ${one} or ${other}`,
  ),
  // `leaving videos aside, how big is this folder?`; lines without comments are not lines without that word
  rule(
    `(?:(?:leaving|setting|putting) (?<aside>$thing) aside|(?:not counting|without counting|ignoring|leaving out|not including|excluding|disregarding) (?<out>$thing)), (?<rest>.+?)(?<end>[?.!]*)`,
    ({ aside = '', out = '', rest = '', end = '' }) =>
      /\b(?:lines?|words?|rows?|characters?|times)\b/i.test(rest) ? undefined : `${rest} without ${aside}${out}${end}`,
  ),
  // `I need the process id of nginx`
  rule(
    `(?:i|we)(?:['’]d| would)? (?:need|want|like|require|am after|['’]m after|be interested in|am interested in|['’]m interested in)(?: to (?:have|see|know))? (?<what>the ${properties}\\b.*)`,
    ({ what = '' }) => `show ${what}`,
  ),
  // `the last change should be undone`, `all my reminders can be deleted`, `the note about the van can go`
  rule(
    '(?<what>(?:the|my|your|all|every|this|that|last)\\b[^,;:?!]*?\\b(?:reminders?|timers?|alarms?|notes?|changes?|actions?)\\b[^,;:?!]*?) (?:should|can|may|must|has to|have to|ought to|needs to)(?: now| please| all)? (?:be (?<verb>deleted|removed|cancelled|canceled|dropped|erased|forgotten|undone|reverted|cleared|scrapped|stopped|taken back|rolled back)|(?<go>go))(?: now| please)*[.!]*',
    ({ what = '', verb = 'deleted' }) => `${base[verb.toLowerCase()] ?? 'delete'} ${what}`,
  ),
  // `any other branches?`
  rule('(?<any>any|anything|anyone|any(?:thing|body)) (?<rest>[^,;:]+?)\\?+', ({ any = '', rest = '' }) =>
    /^any$/i.test(any) ? `are there any ${rest}?` : `is there ${any} ${rest}?`,
  ),
  // the question word at the end: `notes.txt takes how much space?`, `this box has been up since when?`
  rule(
    '(?<who>$thing) (?<verb>takes|uses|needs|has|weighs|holds|contains|costs|occupies)(?<up> up)? how (?<much>much|many)(?<what> [\\p{L} ]+?)?[?.!]*',
    ({ who = '', verb = '', up = '', much = '', what = '' }) =>
      `how ${much}${what} does ${who} ${verb === 'has' ? 'have' : verb.replace(/s$/, '')}${up}`,
  ),
  rule(
    '(?<who>$thing) (?<is>has been|is|was) (?<rest>[\\p{L} ]+ )?(?<ask>since when|how (?:big|large|heavy|old|long|full|busy))[?.!]*',
    ({ who = '', is = '', rest = '', ask = '' }) =>
      is === 'has been' ? `${ask} has ${who} been ${rest}` : `${ask} ${is} ${who} ${rest}`,
  ),
  rule("what(?: is|['’]s| are) (?<what>.+?) like[?.!]*", ({ what = '' }) => `what is ${what}`),
  rule('what (?:do|does) (?<what>$thing) look like(?: right now| now)?[?.!]*', ({ what = '' }) => `what is ${what}`),
  rule(
    'how (?<how>big|large|long|old|heavy) an? (?<noun>file|folder|directory) is (?<what>.+)',
    ({ how = '', what = '' }) => `how ${how} is ${what}`,
  ),
  rule(
    'what is it(?: that)? (?<who>you|i|we) (?<verb>know|remember|have|want|need|keep)(?<rest>.*)',
    ({ who = '', verb = '', rest = '' }) => `what do ${who} ${verb}${rest}`,
  ),
  rule('how exactly (?<rest>.+)', ({ rest = '' }) => `how ${rest}`),
  rule('how (?<how>[a-z]+) exactly (?<rest>.+)', ({ how = '', rest = '' }) => `how ${how} ${rest}`),
  // `which commit is the newest?`
  rule(
    '(?:which|what) (?<what>commit|branch|tag|release|process|program|folder|subfolder|directory) is the (?<most>[a-z]+est|latest|last|first)(?: one)?[?.!]*',
    ({ what = '', most = '' }) => `what is the ${most} ${what}`,
  ),
  rule(
    "(?:i|we)(?: am|['’]m| are|['’]re) (?:curious|interested to know|keen to know|wondering) (?<rest>(?:how|what|which|who) .+)",
    ({ rest = '' }) => rest,
  ),
  // what one has, several have
  rule('(?<before>(?:.* )?)(?<who>we|us|our)\\b(?<rest>.*)', ({ before = '', who = '', rest = '' }) => {
    const mine = { we: 'i', us: 'me', our: 'my' }[who.toLowerCase()] ?? who
    return `${before}${mine}${rest}`
  }),
  rule('what was it(?: that)? (?<who>i|we|you) (?<rest>.+)', ({ who = '', rest = '' }) => `what did ${who} ${rest}`),
  rule("(?:do not|don['’]t) forget to (?<rest>remind me .+)", ({ rest = '' }) => rest),
  rule(
    '(?:is|are) (?:the|my|this) (?:machine|computer|laptop|server|box|system|pc)(?: really| very)? (?:busy|slow|overloaded|ok|okay|all right|in trouble)\\? (?:so |and )?(?<rest>(?:what|how|which|who).+)',
    ({ rest = '' }) => rest,
  ),
  // `I no longer need the reminder about the boiler`; what is forgotten is gone for good, so that has to be asked for
  rule(
    "(?:i|we) (?:no longer|don['’]t|do not) (?:need|want) (?<what>(?:the|my|that) (?:[\\p{L}\\p{N}_-]+ ){0,3}(?:reminder|timer|alarm)\\b[^,;:?!]*?)(?: any ?more| any longer)?[.!]*",
    ({ what = '' }) => `delete ${what}`,
  ),
  rule(
    "(?<what>(?:the|my|that) (?:[\\p{L}\\p{N}_-]+ ){0,3}(?:reminder|timer|alarm)\\b[^,;:?!]*?) (?:is no longer (?:needed|wanted)|(?:isn['’]t|is not) (?:needed|wanted|necessary)(?: any ?more| any longer)?)[.!]*",
    ({ what = '' }) => `delete ${what}`,
  ),
  // `in letters - subfolders too - …`: what is to be seen of something that stands first
  rule(
    `(?<what>${mark}) ?(?:,|:| [-–—]) (?<rest>(?:which|what|who) .+?)(?<end>[?.!]*)`,
    ({ what = '', rest = '', end = '' }) =>
      /\b(?:it|its|them|there)\b|⟦/.test(rest) || !/\b(?:changed|different|new|modified)\b/.test(rest)
        ? undefined
        : `${rest.replace(/\b(changed|different|new|modified)\b/, (word) => `${word} in ${what}`)}${end}`,
  ),
]

const verbs = /^(?:Show|List|Give|Find|Print|What|Which|How|Tell|Get|Count|See|Are|Is|Do|Whose|Check|All|The)$/

const opened = (verb: string): string =>
  ({ ve: 'have', re: 'are', m: 'am', d: 'would' })[verb.replace(/^['’]/, '')] ?? verb.trim()

const base: Readonly<Record<string, string>> = {
  deleted: 'delete',
  removed: 'remove',
  cancelled: 'cancel',
  canceled: 'cancel',
  dropped: 'drop',
  erased: 'erase',
  forgotten: 'forget',
  undone: 'undo',
  reverted: 'revert',
  cleared: 'clear',
  scrapped: 'scrap',
  stopped: 'stop',
  'taken back': 'take back',
  'rolled back': 'roll back',
}
