// things that shall be there, in all the ways to ask for one: `how about a folder named pots?`, `bills needs a subfolder called x`.
import { rule } from './rule.ts'
import type { Rule } from './rule.ts'

const mark = '⟦\\d+⟧'
const made =
  '(?<what>(?:a|an|one|another|two|three|four|five|\\d+) (?:new |empty |blank |second |spare |extra |text |short |little )*(?:file|folder|directory|subfolder|subdirectory|document|files|folders|directories|copy|duplicate|backup|zip|archive|tarball)\\b[^;?!]*?)'
const container = '(?:file|folder|directory|subfolder|subdirectory|document)'

export const making: readonly Rule[] = [
  rule(
    `(?:i['’]d appreciate|i would appreciate|i['’]d be glad of|i(?:['’]d| would) be grateful for|is it possible to (?:have|get)|how about|what about|let (?:me|us) have|(?:can|could|may) (?:i|we) (?:please )?(?:have|get)|(?:please )?(?:could|can) there (?:please )?be|(?:i|we) (?:could use|could do with|need|want|require)|it would be (?:nice|good|great) to have|i would(?:n['’]t| not) mind|time for|go for) (?:making |creating |having |adding )?(?:me )?${made}(?: please| then)?[.!?]*`,
    ({ what = '' }) => `make ${what}`,
  ),
  rule(
    `(?:please )?(?:write|put together|draw up|whip up|compose|prepare|produce|start|type up|knock together)(?: me)? (?<what>(?:a|an) (?:new |text |short |little )*(?:file|document)\\b.+)`,
    ({ what = '' }) => `make ${what}`,
  ),
  // `a new file, soup.txt, containing …`
  rule(
    `(?<head>(?:.* )?(?:a|an|one|another|the) (?:new |empty |blank |text )*${container}), (?<name>${mark}),?(?<rest>(?: .*)?)`,
    ({ head = '', name = '', rest = '' }) => `${head} called ${name}${rest}`,
  ),
  rule(
    `(?<name>${mark})(?:,|:| [-–—]) (?:a |an )?(?<kind>(?:new |empty |blank )+${container})(?<rest>(?: (?:with|containing|saying|that).+)?)`,
    ({ name = '', kind = '', rest = '' }) => `make a ${kind} called ${name}${rest}`,
  ),
  rule(
    `(?:the (?:text|words?|line) )?(?<text>${mark}) (?:goes|should go|must go|has to go|is to go|belongs|should be) (?:in|into) a new (?:text )?file(?:,| called| named)* (?<name>${mark})[.!]*`,
    ({ text = '', name = '' }) => `save ${text} in a new file called ${name}`,
  ),
  // what it is for says nothing about what is made
  rule(
    `(?<head>(?:.* )?(?:a|an|one|another) (?:new )?${container}) for (?:my |the |our |all |these |some |all the )*[\\p{L}]+(?: [\\p{L}]+)?(?:,| and|, and| [-–—])+ (?:please |let us |let's )?(?:call|name) it (?<name>.+)`,
    ({ head = '', name = '' }) => `${head} called ${name}`,
  ),
  rule(
    `(?:please )?(?:add|make|create) (?<what>(?:a|an) (?:new |empty )*${container} (?:called|named) $thing) (?:to|for) (?:the )?(?<where>$thing)[.!]*`,
    ({ what = '', where = '' }) => `make ${what} inside ${where}`,
  ),
  rule(
    `(?:the (?:folder|directory) )?(?<where>${mark}|[\\p{L}\\p{N}_-]+)(?: folder| directory)? (?:needs|should (?:have|get|contain)|wants|must (?:have|get)|has to have|could do with) (?<what>(?:a|an|another) (?:new |empty )*${container} (?:called|named) .+?)(?: in it| inside(?: it)?)?[.!]*`,
    ({ where = '', what = '' }) =>
      /^(?:i|we|you|it|there)$/i.test(where) ? undefined : `make ${what} inside ${where}`,
  ),
  rule(`shall we (?<rest>[^?]+)\\?*`, ({ rest = '' }) => rest),
  rule(
    `you (?:should|must|need to|have to|ought to)(?: now| just| please)* (?<rest>(?!not\\b|never\\b|only\\b|have\\b|be\\b|know\\b|remember\\b)[^?]+)`,
    ({ rest = '' }) => rest,
  ),
  rule(
    `(?:a couple of|a few|some|several) (?:new |empty )*(?<kind>folders|directories|files)(?: called| named|,|:| [-–—])+ (?<names>[^?]+)`,
    ({ kind = '', names = '' }) => (/ and |,/.test(names) ? `make the ${kind} ${names}` : undefined),
  ),
  rule(
    `(?<what>(?:two|three|four|five|six|\\d+) (?:new |empty )*(?:folders|directories|files)) (?:are|is) (?:needed|wanted|required)(?: here)?(?<names>(?: called| named|,|:| [-–—])+ [^?]+)`,
    ({ what = '', names = '' }) => `make ${what}${names}`,
  ),
  rule(
    `(?<what>(?:a|an|one) (?:new |empty |blank |text )+(?:file|folder|directory|document) [^?]+?)(?: please)?[.!]*`,
    ({ what = '' }) => `make ${what}`,
  ),
  rule(
    `(?<name>${mark}) (?:should|must|has to|is to) be (?<kind>(?:a|an) (?:new |empty |blank |text )+(?:file|folder|directory))(?<rest>(?: (?:with|containing|saying|that) .+)?)[.!]*`,
    ({ name = '', kind = '', rest = '' }) => `make ${kind} called ${name}${rest}`,
  ),
  rule(
    `(?:somebody|someone) (?:should|please|could|can|must|has to)(?: please)? (?<rest>(?!not\\b|never\\b|have\\b|be\\b)[^?]+)`,
    ({ rest = '' }) => rest,
  ),
  rule(
    `(?<head>.*\\b(?:a|an|one)) (?:fresh|brand new|brand-new) (?<rest>(?:text )?(?:file|folder|directory|document)\\b.*)`,
    ({ head = '', rest = '' }) => `${head} new ${rest}`,
  ),
  rule(
    `(?<what>${mark})['’]s (?:new )?name (?:should|must|ought to|has to|shall) (?:be|become) (?<to>${mark})[.!]*`,
    ({ what = '', to = '' }) => `rename ${what} to ${to}`,
  ),
  rule(
    `rename (?:the (?:file|folder) )?(?<what>${mark})(?:,|;|:| [-–—]) (?:the |its )?new name(?: is| shall be| should be|:)? (?<to>${mark})[.!]*`,
    ({ what = '', to = '' }) => `rename ${what} to ${to}`,
  ),
  // copies
  rule(
    `(?<to>${mark}) (?:should|must|has to|is to|shall) be(?:come)? (?:a|an exact|another) (?:copy|duplicate|backup) of (?<what>$thing)[.!]*`,
    ({ to = '', what = '' }) => `copy ${what} to ${to}`,
  ),
  rule(
    `(?<head>.+?),? (?:and )?(?:naming|calling|labelling) (?:it|them|that|the (?:copy|result|archive|new one|new file|new folder|zip)) (?<name>.+)`,
    ({ head = '', name = '' }) => `${head} called ${name}`,
  ),
  rule(
    `(?:the (?:folder|directory) )?(?<to>${mark}|[\\p{L}\\p{N}_-]+)(?: folder| directory)? (?:needs|should (?:have|get)|wants|must (?:have|get)|gets) (?:a|its own|another) copy of (?<what>$thing)[.!]*`,
    ({ to = '', what = '' }) => (/^(?:i|we|you|it|there)$/i.test(to) ? undefined : `copy ${what} into ${to}`),
  ),
  rule(
    `(?<what>${mark}) (?:needs|should (?:have|get)|wants|must (?:have|get)) (?:a|another) (?:copy|duplicate|backup)(?:,| called| named)+ (?<to>$thing)[.!]*`,
    ({ what = '', to = '' }) => `copy ${what} to ${to}`,
  ),
  rule(
    `a (?:copy|duplicate|backup) of (?<what>$thing) (?:should|must|ought to|has to|needs to|is to|shall) (?:go|be|be put|be placed|be kept|live|end up) (?:in|into|inside|under) (?<to>.+?)[.!]*`,
    ({ what = '', to = '' }) => `copy ${what} into ${to}`,
  ),
  rule(
    `(?:the )?(?<to>$thing) is where (?<what>$thing) (?:belongs|should (?:be|go|live)|goes|has to go)[.!]*`,
    ({ what = '', to = '' }) => `move ${what} into ${to}`,
  ),
  rule(
    `rename (?<what>$thing)(?:,| and|, and| [-–—]) (?:make|call|name) it (?<to>$thing)[.!]*`,
    ({ what = '', to = '' }) => `rename ${what} to ${to}`,
  ),
  rule(
    `(?:from now on|from here on),? (?<what>$thing) (?:is|shall be|will be|should be|must be) (?:called|named|known as) (?<to>$thing)[.!]*`,
    ({ what = '', to = '' }) => `rename ${what} to ${to}`,
  ),
  // lines
  rule(
    `(?<verb>append|add|write|put|insert) (?:the following|this|these words)(?: text| line| entry)? (?<where>(?:to|in|into|onto|at the (?:end|bottom|top|start|beginning) of) (?:the file )?${mark})(?:,|:| [-–—])* (?<text>${mark})[.!]*`,
    ({ verb = '', where = '', text = '' }) => `${verb} ${text} ${where}`,
  ),
  rule(
    `(?:one more|another|a further|a new|an extra) (?:thing|item|line|entry|row) (?:for|in|to|on) (?<file>${mark})(?:,|:| [-–—])+ (?<text>${mark})[.!]*`,
    ({ file = '', text = '' }) => `add ${text} to ${file}`,
  ),
  rule(
    `(?<file>${mark}) (?:should|must|ought to|has to) (?:also|additionally) (?:contain|have|say|list|include|mention) (?:the (?:line|entry|item) )?(?<text>${mark})[.!]*`,
    ({ file = '', text = '' }) => `add ${text} to ${file}`,
  ),
  rule(
    `(?<text>${mark}) (?:should|ought to|must|has to|needs to) be (?:on|in) (?<file>${mark}) (?:too|as well|also)[.!]*|(?<text2>${mark}) (?:should|ought to|must|has to|needs to) be (?:on|in) (?<file2>${mark})(?:,|;| [-–—]) (?:so |please )*(?:add|append) it[.!]*`,
    ({ text, text2, file, file2 }) => `add ${text ?? text2 ?? ''} to ${file ?? file2 ?? ''}`,
  ),
  rule(
    `(?<where>at the (?:very )?(?:end|bottom|top|start|beginning) of (?:the file )?${mark}),? (?:there )?(?:should|must|ought to|has to) (?:be|stand|come|go) (?:the (?:line|text|words?) )?(?<text>${mark})[.!]*`,
    ({ where = '', text = '' }) => `add ${text} ${where}`,
  ),
  rule(
    `(?<file>${mark}) (?:needs|wants|should (?:have|get)|must (?:have|get)) (?:the (?:line|entry|item|text|words?) )?(?<text>${mark})(?: added| appended)?(?<where> (?:at|to|on) the (?:very )?(?:end|bottom|top|start|beginning))[.!]*`,
    ({ file = '', text = '', where = '' }) => `add ${text}${where.replace(/ (?:to|on) /, ' at ')} of ${file}`,
  ),
  rule(
    `(?<file>${mark}) (?:needs|wants|should (?:have|get)|must (?:have|get)) (?:the (?:line|entry|item|text|words?) )?(?<text>${mark}) (?:added|appended)(?: to it)?[.!]*`,
    ({ file = '', text = '' }) => `add ${text} to ${file}`,
  ),
  rule(
    `(?<text>${mark}) (?:should|must|has to|ought to) (?:come|go|be|stand) (?:the )?(?:very )?(?<side>first|last) (?:thing )?in (?<file>${mark})[.!]*`,
    ({ text = '', side = '', file = '' }) =>
      /first/i.test(side) ? `put ${text} at the top of ${file}` : `add ${text} at the end of ${file}`,
  ),
  rule(
    `(?:please )?(?:get|take) (?<what>${mark}) out of (?:the way|here|my sight)(?: please)?[.!]*`,
    ({ what = '' }) => `delete ${what}`,
  ),
  rule(
    `(?<file>${mark})(?:,|:| [-–—]) (?:please )?(?:append|add) (?<text>${mark})(?: please)?[.!]*`,
    ({ file = '', text = '' }) => `add ${text} to ${file}`,
  ),
  rule(
    `(?:the (?:line|row|entry|text|words?) )?(?<text>${mark}) (?:should|must|has to|needs to|ought to) go (?:to|on|onto) the (?<side>end|bottom|top|start|beginning) of (?<file>${mark})[.!]*`,
    ({ text = '', side = '', file = '' }) => `add ${text} at the ${side} of ${file}`,
  ),
  rule(
    `(?:also |please )*(?:put|get|jot|note|write)(?: down)? (?<text>${mark})(?: down)? on (?:the (?:file|list) )?(?<file>${mark})(?: too| as well| please)*[.!]*`,
    ({ text = '', file = '' }) => `add ${text} to ${file}`,
  ),
  rule(
    `(?:i|we) (?:also )?(?:need|want) (?<text>${mark}) on (?:the (?:file|list) )?(?<file>${mark})(?: too| as well| please)*[.!]*`,
    ({ text = '', file = '' }) => `add ${text} to ${file}`,
  ),
  rule(
    `(?<text>${mark}) (?<where>at the (?:very )?(?:end|bottom|top|start|beginning) of ${mark}),? please[.!]*`,
    ({ text = '', where = '' }) => `add ${text} ${where}`,
  ),
  rule(
    `(?<what>${mark}) (?:should|must|has to|ought to|needs to) (?:move|go|be moved) (?<to>(?:over )?to .+?)[.!]*`,
    ({ what = '', to = '' }) => (/\b(?:end|top|bottom|start|beginning)\b/i.test(to) ? undefined : `move ${what} ${to}`),
  ),
  // whole contents
  rule(
    `(?:the )?(?:new |whole |full |entire )*(?:contents?|text) of (?<file>${mark}) (?:should|must|ought to|has to|shall|is to) (?:now )?(?:be|become|read|say) (?<text>${mark})[.!]*`,
    ({ file = '', text = '' }) => `replace the contents of ${file} with ${text}`,
  ),
  rule(
    `(?<file>${mark})['’]s? (?:new |whole )*(?:contents?|text) (?:should|must|ought to|has to|shall|is to) (?:now )?(?:be|become|read|say) (?<text>${mark})[.!]*`,
    ({ file = '', text = '' }) => `replace the contents of ${file} with ${text}`,
  ),
  rule(
    `(?:replace|overwrite|swap) (?:what(?:ever)? (?<file>${mark}) (?:says|contains|holds)|what(?:['’]s| is| stands) in (?<file2>${mark})) (?:with|by|for) (?<text>${mark})[.!]*`,
    ({ file, file2, text = '' }) => `replace the contents of ${file ?? file2 ?? ''} with ${text}`,
  ),
  rule(
    `(?:throw (?:away|out)|discard|delete|remove|drop|scrap) (?:what(?:['’]s| is)|everything|all that is|the text|the contents?) (?:in|of) (?<file>${mark})(?:,| and|, and| then)+ (?:write|put|say) (?<text>${mark})(?: there)?(?: instead)(?: there)?[.!]*`,
    ({ file = '', text = '' }) => `replace the contents of ${file} with ${text}`,
  ),
  rule(
    `overwrite (?<file>${mark})(?:,|:|;| [-–—])+ (?:the |its )?new (?:text|contents?) (?:is|are|should be|being) (?<text>${mark})[.!]*`,
    ({ file = '', text = '' }) => `replace the contents of ${file} with ${text}`,
  ),
  // `both a and b`, `mind showing me …`
  rule(`(?<head>.*?)\\bboth (?<rest>${mark} and ${mark}.*)`, ({ head = '', rest = '' }) => head + rest),
  rule(
    `(?:do you |would you )?mind (?<verb>[a-z]+ing) (?<rest>[^?]+)\\?*`,
    ({ verb = '', rest = '' }) => `${verb} ${rest}`,
  ),
]
