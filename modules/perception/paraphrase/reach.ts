// how deep a search shall look, said beside the thing that is looked for: `…, subfolders too`, `… and everything below it`.
import { rule } from './rule.ts'
import type { Rule } from './rule.ts'

type Groups = Readonly<Record<string, string>>

const subfolders =
  '(?:sub-?folders|sub-?directories|subdirs|folders (?:below|inside|within)(?: it)?|nested (?:folders|directories))'
const all = '(?:the |all |any |its |their )*'
const also = '(?:and |plus |also |even |with )*'
const those =
  "(?:the ones |those |the files |ones |what(?:['’]s| is) |whatever(?:['’]s| is) |everything |anything |all )?"
const within = '(?:in|from|inside|under|within) '
const too = '(?: too| as well| also| included| and all| count(?: too| as well)| counted(?: in)?(?: too)?)'

/** every way to say `subfolders too`; one of its words has to say that they come on top. */
const reaching = [
  `${also}${those}(?:${within})?${all}${subfolders}${too}+`,
  `(?:also|plus|even|including|and also) ${those}${within}${all}${subfolders}`,
  `(?:including|counting|with) ${those}(?:${within})?${all}${subfolders}(?: too| as well)?`,
  `${also}(?:everything|anything|all(?: that is)?|whatever is|what is) (?:below|beneath|underneath|under|further down)(?: it| this| here| that)?(?:${too})?`,
].join('|')

/** what a place is called whose depths are meant. */
const here = '(?:in|from|of|inside|within) (?:this|the current|my current) (?:folder|directory)|(?:in )?here'

const asks =
  /^(?:please |can you |could you |would you )*(?:which|what|how|list|show|find|search|look|locate|name|count|give|tell|get|where|is|are|do|does|any|all|every)\b/i

/** after these words the subfolders are what is left out. */
const denies = /\b(?:not|no|nor|without|except|excluding|ignoring|only|just|but|leave|skip|unless|n['’]t)[ ,]*$/i

/** where something shall be changed as well, it has to be clear which of both the reach belongs to. */
const changes =
  /\b(?:delet(?:e|ing)|remov(?:e|ing)|eras(?:e|ing)|mov(?:e|ing)|copy(?:ing)?|renam(?:e|ing)|trash|clear|clean|zip|unzip|pack|extract|replace|empty them|chmod|get rid|throw|append|create|make|wipe|put|save|write)\b/i

/** the reach at the end of the sentence, in the words that every trace knows. */
function atEnd({ head = '', end = '' }: Groups): string | undefined {
  return denies.test(head) ? undefined : `${head.replace(/ please$/i, '')} including subfolders${end}`
}

/** the reach right behind the files; only in what asks, for there it can remove nothing that was not meant. */
function atNoun({ head = '', rest = '', end = '' }: Groups): string | undefined {
  const noun =
    /\b(?:files?|images?|pictures?|photos?|videos?|documents?|folders|directories)\b(?! (?:name|type|size)s?\b)/i
  const found = noun.exec(head)
  if (found === null || denies.test(head) || !asks.test(head) || changes.test(`${head}${rest}`)) return undefined
  const cut = found.index + found[0].length
  const place = new RegExp(`^ (?:${here})(?= |$)`, 'i')
  const tail = head.slice(cut).replace(place, '')
  return `${head.slice(0, cut)} including subfolders${tail}${rest}${end}`
}

export const reach: readonly Rule[] = [
  // `which file is the oldest, subfolders included?`
  rule(`(?<head>.+?)(?:,|;|\\.|\\?|:| [-–—])? \\(?(?:${reaching})\\)?(?<end>[?.!]*)`, atNoun),
  // `list all files, in subfolders too, with "main" in their name`
  rule(`(?<head>.+?)(?:, | [-–—] | \\()(?:${reaching})(?:,|\\)| [-–—])(?<rest> .+?)(?<end>[?.!]*)`, atNoun),
  // `…, the ones in subfolders too`
  rule(`(?<head>.+?)[,;]? ${also}${those}(?:${within})?${all}${subfolders}${too}+(?<end>[?.!]*)`, atEnd),
  // `…? look in the subfolders as well`
  rule(
    `(?<head>.+?)(?<end>[?.!]*)(?:[,;?.!]| [-–—]| and)+ (?:please |also |and )*(?:look|search|check|go|include|count|dig)(?: in| into| through| inside| down into)? (?:the |all |any |its |those in (?:the )?|the ones in (?:the )?)*${subfolders}(?: too| as well| also)*[.!]*`,
    atEnd,
  ),
]
