// what is said of the lines of a file: `"x" should be the first line of notes.txt`, `line 2 of a.txt should read "x"`.
import { rule } from './rule.ts'
import type { Rule } from './rule.ts'

const mark = '⟦\\d+⟧'
const value = `(?:${mark}|-?\\d[\\d.,]*\\d|\\d)`
const shall = '(?:should|must|ought to|has to|have to|needs to|shall|is to)'
const ordinal = '(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\\d+(?:nd|rd|th|st))'
const end = '(?: please| now| from now on)*[.!]*'

export const lines: readonly Rule[] = [
  rule(
    `(?:the (?:line|text|words?) )?(?<text>${mark}) ${shall} (?:be|become|go in as|stand as|come as) the (?:very )?(?<which>first|top|last|final|bottom|${ordinal}) (?:line|row) (?:of|in) (?<file>${mark})${end}`,
    ({ text = '', which = '', file = '' }) =>
      /^(?:first|top)$/i.test(which)
        ? `put ${text} at the top of ${file}`
        : /^(?:last|final|bottom)$/i.test(which)
          ? `add ${text} at the end of ${file}`
          : `insert ${text} as the ${which} line of ${file}`,
  ),
  rule(
    `(?<file>${mark}) ${shall} (?<where>begin|start|end|finish) with (?:the (?:line|text|words?) )?(?<text>${mark})${end}`,
    ({ file = '', where = '', text = '' }) =>
      /^(?:begin|start)$/i.test(where) ? `put ${text} at the top of ${file}` : `add ${text} at the end of ${file}`,
  ),
  rule(
    `(?<line>line \\d+|the (?:first|last|${ordinal}) line) (?:of|in) (?<file>${mark}) ${shall} (?:now )?(?:be|become|read|say|be changed to|be replaced (?:with|by)) (?<text>${mark})(?: instead)?${end}`,
    ({ line = '', file = '', text = '' }) => `replace ${line} of ${file} with ${text}`,
  ),
  rule(
    `(?:the (?:word|text|number|value) )?(?<from>${value}) in (?<file>${mark}) is (?:misspelled|misspelt|wrong|incorrect|a typo|a mistake|spelled wrong|spelt wrong|outdated|out of date)(?:,|;|:|\\.| [-–—])+ (?:it|that) ${shall} (?:be|read|say) (?<to>${value})${end}`,
    ({ from = '', file = '', to = '' }) => `in ${file} replace ${from} with ${to}`,
  ),
  rule(
    `(?<file>${mark}) ${shall} (?:only|just) (?:keep|have|contain|consist of) (?:its|the) (?<which>first|last) (?<count>\\d+ |two |three |four |five |ten )?lines?${end}`,
    ({ file = '', which = '', count = '' }) => `keep only the ${which} ${count}lines of ${file}`,
  ),
  rule(
    `what(?:['’]s| is) in (?<one>${mark}) (?:that|which|but|and) (?:is not|isn['’]t|not) in (?<other>${mark})\\?*`,
    ({ one = '', other = '' }) => `which lines are in ${one} but not in ${other}`,
  ),
  rule(
    `(?:count|tell me|say|find out|work out|show me|show|check|see) how many (?<what>(?:different |blank |empty )?(?:lines|words|characters|bytes)) (?<file>${mark}) (?:has|have|contains|holds|is made of|consists of)(?: in it)?(?: please)?[.?!]*`,
    ({ what = '', file = '' }) => `how many ${what} does ${file} have`,
  ),
  rule(
    `how many (?<what>[^,;?⟦]+?) (?:has|have) (?<file>${mark})(?: in it)?\\?*`,
    ({ what = '', file = '' }) => `how many ${what} does ${file} have`,
  ),
  rule(
    `(?<head>(?:show|give|print|list|let me see)(?: me)? )?(?:all|everything|every line|all lines)(?: of| in)? (?<file>${mark}) (?:except|but|except for|apart from|other than) (?<rest>(?:for )?(?:the |its )?(?:first|last|top|bottom) (?:\\w+ )?lines?)(?: please)?[.!]*`,
    ({ file = '', rest = '' }) => `show ${file} without ${rest.replace(/^for /i, '').replace(/^the /i, 'its ')}`,
  ),
  rule(
    `(?<head>.+ (?:with|have|has|contain|contains|mention|mentions) ${mark}) (?:in|on) (?:them|it) (?<where>(?:in|of|from) ${mark})(?<end>[?.!]*)`,
    ({ head = '', where = '' }) => `${head} ${where}`,
  ),
  rule(
    `(?:please )?(?:save|write|put|store) (?:a |the )?(?:alphabetically )?sorted (?:version of |copy of |lines of |contents of )?(?<file>${mark}) (?:as|to|into|in|under) (?<to>.+)`,
    ({ file = '', to = '' }) => `sort ${file} and save the result as ${to}`,
  ),
  // `put a and b into c` without `together` may speak of a folder
  rule(
    `(?:please )?(?:(?:join|combine|merge|glue|stitch|concatenate) (?<one>${mark}) (?:and|with) (?<two>${mark})(?: together)?|put (?<left>${mark}) and (?<right>${mark}) together) (?:as|into|in|to) (?<name>⟦\\d+⟧|(?:a|one|the) (?:new |single )*file.+)`,
    ({ one, two, left, right, name = '' }) => `join ${one ?? left ?? ''} and ${two ?? right ?? ''} into ${name}`,
  ),
]
