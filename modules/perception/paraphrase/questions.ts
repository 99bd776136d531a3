// other ways to ask: units behind a question, what stands in front of it, whose something is, what is to be looked through as well.
import { rule } from './rule.ts'
import type { Rule } from './rule.ts'

const mark = '⟦\\d+⟧'
const units = '(?<unit>lines|words|characters|chars|letters|bytes)'
const repeats =
  '(?:the )?(?:repeats|repetitions|duplicates|doubles|repeated lines|duplicate lines|repeated ones|double ones)'

export const questions: readonly Rule[] = [
  // how long something is, in what
  rule(
    `how (?:long|big|large) (?:is|are) (?<what>${mark}|the file $thing) in ${units}\\?*`,
    ({ what = '', unit = '' }) => `how many ${unit} are in ${what}`,
  ),
  rule(
    `(?:what is |what['’]s |give me |show me |tell me )?(?:the )?(?:size|length) of (?<what>$thing) in ${units}[?.!]*`,
    ({ what = '', unit = '' }) => `how many ${unit} are in ${what}`,
  ),
  rule(
    `(?<what>$thing)(?:,|:| [-–—]) how many ${units} (?:is|are|does|has) (?:that|it|this|they|there|in it|in there|that one)(?: have| got| in it| in there)?\\?*`,
    ({ what = '', unit = '' }) => `how many ${unit} are in ${what}`,
  ),
  rule(
    `${units} (?<in>in|of) (?<what>$thing)(?:,|:| [-–—]) how many(?: are there| are they)?\\?*`,
    ({ what = '', unit = '' }) => `how many ${unit} are in ${what}`,
  ),
  rule(
    `(?:leaving|setting|putting) ${repeats} (?:aside|out)(?: of it)?, (?<ask>how many) (?<rest>lines .+)`,
    ({ ask = '', rest = '' }) => `${ask} different ${rest}`,
  ),
  rule(
    `(?:ignoring|disregarding|not counting|without(?: counting)?|excluding|apart from) ${repeats}, (?<ask>how many) (?<rest>lines .+)`,
    ({ ask = '', rest = '' }) => `${ask} different ${rest}`,
  ),
  rule(
    `how many (?<one>lines|words|characters|bytes) (?<ask>are there in|are in|has|does|do) (?<what>$thing)(?<have> have| got| contain)?,? and how many (?<two>lines|words|characters|bytes)\\?*`,
    ({ one = '', two = '', what = '' }) => `how many ${one} are in ${what} and how many ${two} are in ${what}`,
  ),
  rule(
    `(?:all |the |any |all the |every )?(?<lines>lines?) (?<that>mentioning|containing|including|with|saying|that (?:contain|mention|have|say|include)s?) (?<rest>.+ (?:in|of|from) .+?)(?: please)?[.!?]*`,
    ({ lines = '', that = '', rest = '' }) => `show the ${lines} ${that} ${rest}`,
  ),
  rule(
    `(?<head>.*?)(?:the )?(?<noun>files?|folders?|images?|documents?|videos?) (?:that|which) (?:is|are) (?:the )?(?<most>biggest|largest|smallest|newest|oldest|latest|most recent|heaviest)(?<rest>.*)`,
    ({ head = '', noun = '', most = '', rest = '' }) => `${head}the ${most} ${noun}${rest}`,
  ),
  rule(
    `is there (?:still )?(?:such )?(?:a|any) (?:file|folder|thing) (?:as|like|by the name of) (?<what>${mark})(?: here| in here)?\\?*`,
    ({ what = '' }) => `is there ${what}`,
  ),
  rule(
    `(?:does|do) (?:anything|any file|any folder|something|a file|a folder) (?:called|named|by the name of) (?<what>$thing) exist(?: here| in here| anywhere)?\\?*`,
    ({ what = '' }) => `does ${what} exist`,
  ),
  rule(
    `(?:have|do) (?:i|we) still (?:got|have) (?:a |an |my |the )?(?<what>${mark})\\?*`,
    ({ what = '' }) => `do I have ${what}`,
  ),
  rule(
    `is (?<what>$thing) (?<one>installed|running) and (?:also |is it (?:also )?)?(?<two>installed|running)(?<here>(?: here| on this machine)?)\\?*`,
    ({ what = '', one = '', two = '', here = '' }) => `is ${what} ${one}${here} and is ${what} ${two}${here}`,
  ),
  rule(`is (?<what>$thing) an empty (?:file|folder|directory|one)\\?*`, ({ what = '' }) => `is ${what} empty`),
  rule(
    `when was the last time (?:that )?(?<what>${mark}) was (?<verb>[a-z]+)\\?*`,
    ({ what = '', verb = '' }) => `when was ${what} last ${verb}`,
  ),
  rule(
    `when was the last time (?:that )?(?<who>i|someone|somebody|anyone|we) (?<verb>[a-z]+) (?<what>${mark})\\?*`,
    ({ what = '', verb = '' }) => `when was ${what} last ${verb}`,
  ),
  rule(
    `(?<who>who) (?:is|are) allowed to (?<verb>read|write|change|execute|run) (?:to )?(?<what>$thing)\\?*`,
    ({ verb = '', what = '' }) => `who may ${verb} ${what}`,
  ),
  rule(
    `(?:may|can|could|am) i (?:allowed to |able to )?(?<verb>write|read|execute|run|change)(?: to)? (?<what>$thing)\\?*`,
    ({ verb = '', what = '' }) => `can i ${verb} ${what}`,
  ),
  rule(`whose (?:is|file is) (?<what>${mark})\\?*`, ({ what = '' }) => `who owns ${what}`),
  rule(
    `tell me (?:all|everything|more)(?: there is)? about (?<what>${mark})[.!]*`,
    ({ what = '' }) => `tell me about ${what}`,
  ),
  rule(
    `(?<what>$thing)(?:,|:| [-–—]) what(?:['’]s| is|s) (?:inside|in there|in it|in|there|inside it)\\?*`,
    ({ what = '' }) => `what is in ${what}`,
  ),
  rule(
    `(?<head>.*?)\\b(?<all>everything|all (?:the )?files|every file) but (?!not\\b|only\\b|just\\b|keep\\b|leave\\b|do\\b|don['’]t\\b|the rest\\b)(?:for )?(?<rest>.+)`,
    ({ head = '', all = '', rest = '' }) => `${head}${/^everything$/i.test(all) ? 'all files' : all} except ${rest}`,
  ),
  // what is asked for first, and the question behind it
  rule(
    `(?<what>[^,:;?!]+?)(?:,|:| [-–—]) how many(?: are there| are they| of them(?: are there)?| exist| do i have| in total)?\\?*`,
    ({ what = '' }) => `how many ${what.replace(/^(?:the|my|all the|all) /i, '')}`,
  ),
  rule(
    `(?<what>[^,:;?!]+?)(?:,|:| [-–—]) (?:where are they|which ones(?: are (?:they|there))?|which are they|which ones do i have|what are they|which)\\?*`,
    ({ what = '' }) => `find ${what}`,
  ),
  rule(
    `(?<what>${mark}|$thing)(?:,|:| [-–—]) (?:please )?(?<verb>delete|remove|show|read|print|sort|zip|zip up|unpack|unzip|extract|trash|empty|bin)(?: (?:it|that|this))?(?: please| now)*[.!]*`,
    ({ what = '', verb = '' }) =>
      /\b(?:is|are|was|were|has|have|can|should|must|not)\b/i.test(what) ? undefined : `${verb} ${what}`,
  ),
  rule(
    `(?<what>${mark})(?:,|:| [-–—]) (?<rest>.+? (?:at|to|on) the (?:very )?(?:end|bottom|top|start|beginning))(?: please)?[.!]*`,
    ({ what = '', rest = '' }) => `${rest} of ${what}`,
  ),
  rule(
    `(?<what>${mark})(?:,|:| [-–—]) (?:just |only )?(?<lines>lines? \\d+(?:(?: to | through | ?[-–] ?)\\d+)?)(?: please)?[?.!]*`,
    ({ what = '', lines = '' }) => `show ${lines} of ${what}`,
  ),
  rule(
    `(?<both>.+? and .+?)(?:,|:| [-–—]) (?<ask>(?:how|do|are|what) .*?)\\b(?:they|those two|these two|the two|both)\\b(?<rest>.*)`,
    ({ both = '', ask = '', rest = '' }) => `${ask}${both}${rest}`,
  ),
  // the question word at the end: `photos.zip contains what?`
  rule(
    `(?<what>${mark}) (?<verb>contain|hold|say|include)s what(?: exactly)?\\?*`,
    ({ what = '', verb = '' }) => `what does ${what} ${verb}`,
  ),
  rule(
    `(?<what>$thing) (?:has|contains|holds)(?: got)? (?<ask>how many .+?)\\?*`,
    ({ what = '', ask = '' }) => `${ask} does ${what} have`,
  ),
  // what a thing has, with an apostrophe
  rule(
    `(?<head>|.*? )(?:the )?(?<what>${mark})['’]s? (?<noun>(?:(?:full|exact|total|whole|first|last|top|bottom|\\d+|two|three|four|five) )*(?:size|length|lines?|words?|characters|letters|contents?|text|(?:line|word|character|byte) count|number of [a-z]+|permissions|owner|age|type|name))(?<rest>(?: (?:with|to|by|into) .+)?)[?.!]*`,
    ({ head = '', what = '', noun = '', rest = '' }) => `${head}the ${noun} of ${what}${rest}`,
  ),
  rule(
    `(?<what>${mark}) (?<noun>contents?|text|size|permissions|owner|length|word count|line count|age)\\?*`,
    ({ what = '', noun = '' }) => `the ${noun} of ${what}`,
  ),
  rule(
    `what (?:have|do) (?:i|we) (?:got|have)(?: got)? (?:in|inside) (?<what>${mark})\\?*`,
    ({ what = '' }) => `what is in ${what}`,
  ),
  rule(
    `(?:please )?(?:give|let|grant) (?:me|us) (?:have |get |take )?a (?:quick )?(?:look|peek|glance) (?:at|into|in|inside) (?<what>.+)`,
    ({ what = '' }) => `show ${what}`,
  ),
  rule(`what does it say in (?<what>${mark})\\?*`, ({ what = '' }) => `what does ${what} say`),
  rule(
    `(?<what>[^,:;?!⟦]+?)(?:,|:| [-–—]) (?:please )?(?<verb>delete|remove|move|copy|zip|list|count) (?:them all|all of them|them)(?<rest>(?: .+)?)`,
    ({ what = '', verb = '', rest = '' }) =>
      `${verb} ${/^(?:the|all|every|my)\b/i.test(what) ? what : `all ${what}`}${rest}`,
  ),
  rule(
    `how many ${units} do (?<one>${mark}) and (?<two>${mark}) have(?: each)?\\?*`,
    ({ unit = '', one = '', two = '' }) => `how many ${unit} are in ${one} and how many ${unit} are in ${two}`,
  ),
  rule(
    `(?<one>${mark}) and (?<two>${mark})(?:,|:| [-–—]) how many ${units} (?:each|are in each|does each have|do they have|do they each have|in each)\\?*`,
    ({ unit = '', one = '', two = '' }) => `how many ${unit} are in ${one} and how many ${unit} are in ${two}`,
  ),
  rule(
    `(?:show|tell) me where (?<what>.+?) (?<is>are|is|lie|lies|live|lives)[?.!]*`,
    ({ what = '', is = '' }) => `where ${is.endsWith('s') ? 'is' : 'are'} ${what}`,
  ),
  rule(
    `(?:is there )?(?:anything|something) (?:left|remaining) in (?<what>.+?)\\?*`,
    ({ what = '' }) => `is there anything in ${what}`,
  ),
  rule(`what (?:remains|is left|['’]s left|is still) in (?<what>.+?)\\?*`, ({ what = '' }) => `what is in ${what}`),
  rule(
    `what (?:kind|sort) of (?:stuff|things|files) (?:is|are) in (?<what>${mark})\\?*`,
    ({ what = '' }) => `what is in ${what}`,
  ),
  // names of files
  rule(
    `(?:(?:do|does|are there|is there|have) any (?:of (?:the|these|my) )?|which (?:of (?:the|these|my) )?|what |list (?:all |the )*|show (?:me )?(?:all |the )*|find (?:all |the )*)(?:file ?names?|names of files)(?: here| in here)?(?: that| which| with| have)* (?:contain(?:s|ing)?|includ(?:e|es|ing)|have|has|mention(?:s|ing)?)(?: the (?:word|text|letters))? (?<what>(?:⟦\\d+⟧|[\\p{L}\\p{N}_-]+))(?: in (?:them|it))?[?.!]*`,
    ({ what = '' }) => `find files with ${what} in their name`,
  ),
  rule(
    `which (?<what>files|folders|directories) are (?:named|called) something (?:with|like|containing) (?<name>⟦\\d+⟧|[\\p{L}\\p{N}_-]+)[?.!]*`,
    ({ what = '', name = '' }) => `find ${what} with ${name} in their name`,
  ),
  rule(
    `(?:do|does) any (?:of (?:the|these|my|those) |(?:single |other )?)?(?<noun>[^?,;]*?files?(?: in [^?,;]+?)?)(?: here| in here)? (?<verb>contains?|mentions?|includes?|has|have) (?<what>.+?)(?: in (?:it|them)| anywhere)?\\?*`,
    ({ noun = '', verb = '', what = '' }) =>
      `which ${noun.replace(/\bfile\b/i, 'files')} ${verb === 'has' ? 'have' : verb.replace(/s$/i, '')} ${what}`,
  ),
  rule(
    `any of (?:the|these|my|those) (?<noun>[^?,;]*?files) (?<rest>(?:contain|mention|include|have) .+?)\\?*`,
    ({ noun = '', rest = '' }) => `which ${noun} ${rest}`,
  ),
  rule(
    `which of (?:these|those|the|my) (?<noun>[^?,;⟦]*?files) (?<verb>contain|mention|include|have|has|are|do) (?<rest>.+)`,
    ({ noun = '', verb = '', rest = '' }) => `which ${noun} ${verb} ${rest}`,
  ),
  // `which file got changed most recently?`
  rule(
    `(?<head>(?:which|what) .+?) got (?<verb>[a-z]+ed)(?<rest>(?: .+)?)`,
    ({ head = '', verb = '', rest = '' }) => `${head} was ${verb}${rest}`,
  ),
  // `which javascript files live under src?`
  rule(
    `(?<head>(?:which|what) .+?) (?:live|lives|lie|lies|sit|sits|reside|resides|(?:are|is) (?:kept|stored|located|hiding|lying|sitting)|can be found|hang out) (?<where>(?:in|under|inside|below|within|beneath)\\b.+)`,
    ({ head = '', where = '' }) => `${head} are ${where}`,
  ),
  rule(`(?:do you|can you|did you) (?:see|spot|find) (?<what>any .+?)\\?*`, ({ what = '' }) => `are there ${what}`),
  rule(`(?<what>any .+?) (?:about|around|lying around|hereabouts)\\?*`, ({ what = '' }) => `are there ${what}`),
  rule(
    `(?:show|give|list|get|find|tell)?(?: me)? ?(?:the |all the )?names of (?:all )?(?:the |my )?(?<what>[^,;:?⟦]*files\\b.*)`,
    ({ what = '' }) => `find ${what}`,
  ),
  // how something shall be seen, without a verb
  rule(
    `(?<what>${mark})(?<comma>,|:| [-–—])? (?<how>sorted(?: alphabetically| in reverse(?: order)?| by length)?|backwards|upside down|reversed|in (?:capitals|upper ?case|lower ?case|capital letters|alphabetical order|reverse order)|without (?:duplicates|repeats|repeated lines|duplicate lines)|with line numbers|numbered)(?<please>,? please)?[.!]*`,
    ({ what = '', comma, how = '', please }) =>
      comma === undefined && please === undefined ? undefined : `show ${what} ${how}`,
  ),
  rule(
    `(?:i|we)(?:['’]d| would)? (?:want|need|like|love|have) to (?:please )?(?<look>(?:have a |take a )?look at|read|view|see|open|inspect|go through|peek at) (?<rest>.+)`,
    ({ look = '', rest = '' }) =>
      `show ${rest.replace(/^(?:what(?:['’]s| is) in )/i, '')}${/^(?:see|view)$/i.test(look) ? '' : ''}`,
  ),
  rule(
    `(?:can|could|may|might) (?:i|we) (?:please )?(?:see|view|have a look at|take a look at|look at|peek at|have) (?<rest>.+)`,
    ({ rest = '' }) => `show ${rest}`,
  ),
  rule(
    `(?<head>.+?),? so (?:that )?(?:i|we) can (?:read|see|look at|view|check|have a look at|go through) (?:it|them|that)[.!?]*`,
    ({ head = '' }) => head,
  ),
  // `peek into photos.zip without extracting it, what's in there?`
  rule(
    `(?:please )?(?:have a |take a )?(?:look|peek|glance)(?: in| into| at| inside)+ (?<what>${mark})(?: without (?:unpack|extract|open|unzipp|decompress)ing (?:it|anything))?(?:,|:|;| [-–—]| and)+ (?:please )?(?:tell me |show me |let me know |say )?what(?:['’]s| is| are)? (?:in there|in it|inside(?: it| of it)?|there|it contains|it holds|the contents)[?.!]*`,
    ({ what = '' }) => ({ text: `what is in ${what}`, forbids: [{ deed: 'extract' }] }),
  ),
  rule(
    `(?:how|in what way) does (?<file>${mark}) (?<end>start|begin|end)(?:,|;|\\?|:| [-–—])+ (?:please )?(?:show |give |tell )?(?:me )?(?:the |its )?(?<lines>(?:first|last) [^?.!⟦]*lines?)(?: please)?[?.!]*`,
    ({ file = '', lines = '' }) => `show the ${lines} of ${file}`,
  ),
  rule(
    `(?:the )?(?<which>(?:first|last|second|third|\\d+(?:st|nd|rd|th)) (?:\\w+ )?lines?) (?:in|of) (?<file>${mark})(?:,|:| [-–—]) (?:what (?:is|are) (?:it|they|that)|which (?:is|are) (?:it|they|that)|what does it say)\\?*`,
    ({ which = '', file = '' }) => `show the ${which} of ${file}`,
  ),
]
