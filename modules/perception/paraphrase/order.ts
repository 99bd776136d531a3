// what stands first goes where it would stand in a plain sentence: `in docs, which …`, `notes.txt: how big is it?`.
import { mark } from './masking.ts'
import { put, rule } from './rule.ts'
import type { Rule } from './rule.ts'

const place =
  'in|inside|inside of|under|underneath|below|within|among|of|at|over|during|since|for|from|at the (?:bottom|end|top|start|beginning|very end|very top) of|to the (?:bottom|end|top) of'

/** the end of a sentence with something more before its question mark. */
const extend = (sentence: string, more: string): string => sentence.replace(/\s*([?!.]*)$/, ` ${more}$1`)

/** nouns that a thing has, said without `of`. */
const property =
  "(?:what is the |what are the |whats the |what’s the |what's the )?(?:exact |total |full |current |whole |overall )*(?:size|contents?|length|owner|permissions?|mode|age|type|(?:word|line|character|byte) count|number of \\w+|(?:first|last|top|bottom) (?:\\w+ )?\\w+)(?: in \\w+)?"

export const order: readonly Rule[] = [
  rule(`(?<where>(?:${place}) (?:the |my )?[^,:;?!]+?), (?:please )?(?<rest>.+)`, ({ where = '', rest = '' }) =>
    extend(rest, where),
  ),
  rule(
    `(?<where>(?:in|inside|under|within|from) (?:the )?(?:${mark}|[\\p{L}\\p{N}_-]+(?: folder| directory)?)) (?<rest>(?:which|what|how|list|show|find|count|give|tell|are there|is there|do i)\\b.+)`,
    ({ where = '', rest = '' }) => extend(rest, where),
  ),
  rule(`(?<what>$thing)(?:,|:| [-–—]) (?<rest>.+)`, ({ what = '', rest = '' }) => {
    if (
      /\b(?:and|or|then|if|when|before|after|please|morning|not|is|are|was|were|has|have|can|should|must)\b/i.test(what)
    )
      return undefined
    const there = /\b(?:in|inside) there\b/i.exec(rest)
    return there ? rest.replace(there[0], () => `in ${what}`) : put(rest, what)
  }),
  rule(`(?<what>$thing)(?:,|:| [-–—]) (?<rest>${property})(?<end>[?.!]*)`, ({ what = '', rest = '', end = '' }) => {
    const unit = / in \w+$/i.exec(rest)?.[0] ?? ''
    return `${rest.slice(0, rest.length - unit.length)} of ${what}${unit}${end}`
  }),
  // `chuck the drafts folder out`, `pack letters up as letters.tgz`
  rule(
    '(?<verb>break|chuck|throw|toss|clear|take|zip|tidy|pack|print|read|pull|bring|roll|bundle|tar|wrap|count|list|back|write|note|parcel|package|lock|dump|bin|get|pick|dig|chop|cut|strip) (?<what>$thing) (?<particle>out|away|up|off|down|aloud)(?<rest> .+|[?.!]*)',
    ({ verb = '', what = '', particle = '', rest = '' }) => `${verb} ${particle} ${what}${rest}`,
  ),
  // the object at the end: `move to drafts the file todo.md`, `rename to b.txt what is now called a.txt`
  rule(
    `(?<verb>move|copy|put|rename|save) (?<to>(?:to|into|in|as) (?:the )?$thing) (?<what>(?:the (?:file|folder) |what is (?:now|currently) (?:called )?)${mark})`,
    ({ verb = '', to = '', what = '' }) =>
      `${verb} ${what.replace(/^what is (?:now|currently) (?:called )?/i, '')} ${to}`,
  ),
]
