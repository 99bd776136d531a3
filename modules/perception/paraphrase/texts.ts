// what is looked for, shown or put in another's place in texts: `where in src is "x" used?`, `notes.txt: "a" -> "b"`.
import { rule } from './rule.ts'
import type { Rule } from './rule.ts'

const mark = '⟦\\d+⟧'
/** a text in quotes, or a number. */
const value = `(?:${mark}|-?\\d[\\d.,]*\\d|\\d)`
const replaced = ({ file = '', from = '', to = '' }: Readonly<Record<string, string>>): string =>
  `in ${file} replace ${from} with ${to}`

export const texts: readonly Rule[] = [
  rule(
    `where in (?<where>$thing) (?:is|do|does|can i find) (?<text>${mark})(?: used| mentioned| defined| found| written| appear| occur| stand)?\\?*`,
    ({ where = '', text = '' }) => `search for ${text} in ${where}`,
  ),
  rule(
    `(?:does|is) (?:the (?:word|text|name) )?(?<text>${mark}) (?:appear|occur|mentioned|show up|used|found|exist)(?: anywhere| somewhere)? in (?<where>$thing)\\?*`,
    ({ where = '', text = '' }) => `search for ${text} in ${where}`,
  ),
  rule(
    `(?:is|does) (?:the (?:word|text|name) )?(?<text>${mark}) (?:mentioned|used|appear|occur|found|written)(?: anywhere| somewhere)(?: here| in here)?\\?*`,
    ({ text = '' }) => `search for ${text} in all files`,
  ),
  rule(`filter (?<file>$thing) for (?<text>${mark})[.!]*`, ({ file = '', text = '' }) => `search ${file} for ${text}`),
  rule(
    `(?:show |give |list )?(?:me )?(?:only |just )(?:all |the )*lines (?<of>of|in|from) (?<file>$thing) (?:that|which) (?<verb>contain|mention|have|say) (?<text>.+?)[.!?]*`,
    ({ of = '', file = '', verb = '', text = '' }) => `show the lines ${of} ${file} that ${verb} ${text}`,
  ),
  rule(
    `(?:the )?number of times (?:the (?:word|text) )?(?<text>${mark}) (?:appears|occurs|is mentioned|is used|comes up|shows up) in (?<file>$thing)[?.!]*`,
    ({ text = '', file = '' }) => `how many times does ${text} occur in ${file}`,
  ),
  rule(
    `(?:show |give )?(?:me )?(?:the )?(?<side>beginning|start|top|head|end|tail|bottom) of (?<file>${mark})(?:,|:| [-–—]) (?:just |only |about )?(?:the )?(?:first |last )?(?<count>\\d+|two|three|four|five|six|ten|twenty) lines(?: please)?[.!]*`,
    ({ side = '', file = '', count = '' }) =>
      `show the ${/^(?:end|tail|bottom)$/i.test(side) ? 'last' : 'first'} ${count} lines of ${file}`,
  ),
  rule(
    `(?<head>.*?)\\blines (?<one>\\d+) and (?<two>\\d+) (?<of>of|in|from) (?<file>${mark})(?<end>[.!?]*)`,
    ({ head = '', one = '', two = '', of = '', file = '', end = '' }) =>
      Number(two) === Number(one) + 1 ? `${head}lines ${one} to ${two} ${of} ${file}${end}` : undefined,
  ),
  rule(
    `(?:i|we)(?:['’]d| would)? (?:only |just )?(?:need|want|like)(?: only| just)?(?: to (?:see|know|have|read))?(?: only| just)? (?<rest>the .+)`,
    ({ rest = '' }) => `show ${rest}`,
  ),
  // one text in the place of another
  rule(
    `(?:wherever|where) (?<file>${mark}) (?:has|says|contains|reads) (?<from>${mark}),? (?:put|write|say|use|have) (?<to>${mark})(?: instead| there)?[.!]*`,
    replaced,
  ),
  rule(
    `in (?<file>$thing),? (?:swap|take|remove|delete|cut|replace|change) (?:out )?(?<from>${mark})(?: out)?,? and (?:put|write|use|insert) (?<to>${mark}) (?:in its place|instead|there instead)[.!]*`,
    replaced,
  ),
  rule(
    `(?:edit|change|update|fix|correct|modify|open) (?<file>${mark})(?:,|:|;| [-–—]| and)+ (?:please )?(?:replace|change|swap|turn) (?:every |each |all )?(?<from>${mark}) (?:with|by|to|into|for) (?<to>${mark})(?: in it| there)?[.!]*`,
    replaced,
  ),
  rule(`(?<file>${mark})(?:,|:| [-–—]) (?<from>${mark}) (?:->|=>|→|⇒|becomes) (?<to>${mark})[.!]*`, replaced),
  rule(
    `(?<file>${mark})(?:,|:| [-–—]) (?<rest>(?:please )?(?:change|replace|swap|turn|substitute|exchange) (?![^⟦]*\\b(?:it|them|that)\\b).+)`,
    ({ file = '', rest = '' }) => `in ${file} ${rest.replace(/^please /i, '')}`,
  ),
  rule(
    `(?:please )?make it (?<to>${value}) (?:instead of|rather than|and not) (?<from>${value}) in (?<file>${mark})[.!]*`,
    replaced,
  ),
  rule(
    `(?<to>${value}) (?:should|must|has to|ought to|shall) (?:replace|take the place of|stand in place of) (?:every |each |all )?(?<from>${value}) in (?<file>${mark})[.!]*`,
    replaced,
  ),
  rule(
    `in (?<file>${mark}),? (?:use|have|write|put) (?<to>${value}) (?:instead of|rather than|in place of) (?<from>${value})[.!]*`,
    replaced,
  ),
  rule(
    `(?<head>.*)\\bthe (?:number|value|figure|amount) (?<number>-?\\d[\\d.,]*\\d|\\d)(?<rest> .+)`,
    ({ head = '', number = '', rest = '' }) => head + number + rest,
  ),
  rule(
    `(?:the )?(?<key>(?!value|number|word|text|string|line)[a-z_-]+) (?<from>\\d+) in (?<file>${mark}) (?:should|must|has to|ought to|needs to|is to) (?:be|become|be changed to) (?<to>\\d+)[.!]*`,
    ({ key = '', from = '', file = '', to = '' }) => `in ${file} change ${key} from ${from} to ${to}`,
  ),
  rule(
    `(?<head>.*?)\\b(?:the |these |those )(?:two|three|both) (?:files|folders|documents|archives) (?<rest>${mark}.*)`,
    ({ head = '', rest = '' }) => head + rest,
  ),
  rule(
    `(?<file>${mark}) (?:needs|should have|must have) (?<to>${value}) (?:instead of|rather than|in place of) (?<from>${value})[.!]*`,
    replaced,
  ),
  rule(
    `(?:i|we)(?:['’]d| would)? (?:want|need|like)(?: to have)? (?<to>${value}) (?:instead of|rather than|in place of) (?<from>${value}) in (?<file>${mark})[.!]*`,
    replaced,
  ),
  rule(
    `(?<text>${mark}) (?:is|appears|occurs|is mentioned) in (?:which|what) (?<files>files?)\\?*`,
    ({ text = '' }) => `which files contain ${text}`,
  ),
  rule(
    `(?<file>${mark}) is how many (?<unit>lines|words|characters|bytes)(?: long)?\\?*`,
    ({ file = '', unit = '' }) => `how many ${unit} are in ${file}`,
  ),
  rule(
    `(?<file>${mark})(?:,|:| [-–—]) (?:please )?(?<verb>delete|remove|drop|show|print) (?:the )?(?<line>lines? \\d+(?: to \\d+)?|(?:first|last) (?:\\w+ )?lines?)(?: please)?[.!]*`,
    ({ file = '', verb = '', line = '' }) => `${verb} ${line.replace(/^(?=first|last)/i, 'the ')} of ${file}`,
  ),
  // repeated lines
  rule(
    `there (?:are|['’]re) (?:some |a few |many )?(?<noun>duplicates|duplicate lines|repeated lines|blank lines|empty lines) in (?<file>${mark})(?:,|;|:|\\.| [-–—]| and)+ (?:so |please |can you |could you )*(?:remove|delete|drop|get rid of|strip|weed) (?:them|those)(?: out)?(?: please)?[.!?]*`,
    ({ noun = '', file = '' }) => `remove ${noun} from ${file}`,
  ),
  rule(
    `(?<file>${mark}) (?:should|must|ought to) (?:not|have no|contain no)(?: have| contain)?(?: any)? (?<noun>duplicates|duplicate lines|repeated lines|blank lines|empty lines)(?: in it)?[.!]*`,
    ({ noun = '', file = '' }) => `remove ${noun} from ${file}`,
  ),
  rule(
    `(?<file>${mark}) (?:shouldn['’]t|mustn['’]t) (?:have|contain)(?: any)? (?<noun>duplicates|duplicate lines|repeated lines|blank lines|empty lines)(?: in it)?[.!]*`,
    ({ noun = '', file = '' }) => `remove ${noun} from ${file}`,
  ),
  rule(`turn (?<file>${mark}) upside down[.!]*`, ({ file = '' }) => `reverse the lines of ${file}`),
  rule(
    `(?:all|every) (?:the )?(?:letters?|words?|text) (?:in|of) (?<file>${mark}) (?:should|must|ought to|has to|have to) be(?: in)?(?: all)? (?<how>capitals|capital letters|upper ?case|lower ?case|small letters)[.!]*`,
    ({ file = '', how = '' }) => `convert ${file} to ${how}`,
  ),
  rule(
    `(?:please )?(?:write|save|store) (?<file>${mark}) sorted (?:to|as|into|in) (?<to>.+)`,
    ({ file = '', to = '' }) => `sort ${file} and save the result as ${to}`,
  ),
  rule(
    `(?<one>${mark}) (?:vs\\.?|versus|and|against|or) (?<two>${mark})(?:,|:| [-–—]) what(?:['’]s| is) (?:the difference|different)\\?*`,
    ({ one = '', two = '' }) => `what is the difference between ${one} and ${two}`,
  ),
  rule(
    `(?<file>${mark})(?:,|:| [-–—]) (?:please )?(?<verb>list|show|print|count|read|display|give me)(?: me)? (?:the|its|all) (?<noun>contents?|lines|words|characters|entries|files|(?:first|last) (?:\\w+ )?lines?)(?: in it)?(?: please)?[.!]*`,
    ({ file = '', verb = '', noun = '' }) => `${verb} the ${noun} of ${file}`,
  ),
  rule(
    `(?<only>only|just) (?<verb>extract|unpack|copy|move|delete|show|list|count) (?<rest>.+)`,
    ({ verb = '', rest = '' }) => `${verb} only ${rest}`,
  ),
  rule(
    `(?<what>$thing), (?<verb>zipped|packed|compressed|copied|moved|renamed|archived)(?<up> up)? (?<rest>(?:as|to|into|in) .+?)(?: please)?[.!]*`,
    ({ what = '', verb = '', up = '', rest = '' }) => `${verb}${up} ${what} ${rest}`,
  ),
  rule(
    `(?:list|show)(?: me)? (?:the )?(?<what>folders|directories|files) only(?<rest>(?: in .+)?)`,
    ({ what = '', rest = '' }) => `list the ${what}${rest}`,
  ),
  rule(
    `(?:tell me|show me|say|find out|let me know|i want to know|count)? ?how many (?<noun>[^?,;⟦]*(?:files|folders|images|pictures|photos|documents|scripts|directories)) (?<where>${mark}|[\\p{L}\\p{N}_-]+)(?: folder| directory)? (?:contains|has|holds)(?: in it)?[.?!]*`,
    ({ noun = '', where = '' }) => `how many ${noun} does ${where} have`,
  ),
  rule(
    `(?:the )?(?<what>.*(?:files|folders|images|documents)) that (?:are|is) neither (?<one>[\\p{L}\\p{N}.]+) nor (?<two>[\\p{L}\\p{N}.]+)(?: files)?`,
    ({ what = '', one = '', two = '' }) =>
      `${/^(?:files|folders|images|documents)$/i.test(what) ? `all ${what}` : what} except ${one} files and ${two} files`,
  ),
  rule(
    `what(?:['’]s| is) the (?:count|number|total) of (?<rest>.+)`,
    ({ rest = '' }) => `how many ${rest.replace(/\?+$/, '').replace(/ in (?=\S+$)/, ' are in ')}`,
  ),
]
