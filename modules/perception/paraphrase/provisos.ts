// what must not happen while a goal is done: `don't delete anything, just list …`, `…, but leave keep.txt alone`.
import type { Deed, Forbidden } from '../contract.ts'
import { put, rule } from './rule.ts'
import type { Rule, Said } from './rule.ts'

const verbs: readonly (readonly [RegExp, Deed])[] = [
  [/^(?:delet|remov|eras|bin|trash|throw|discard|wip|clear|get(?:ting)? rid|chuck|los)/, 'delete'],
  [/^(?:mov|shift|relocat)/, 'move'],
  [/^(?:renam)/, 'move'],
  [/^(?:unpack|extract|unzip|decompress|open)/, 'extract'],
  [/^(?:chang|modif|touch|alter|edit|overwrit|writ|mess|alter|sav|updat|replac|sort|tamper|chang)/, 'change'],
  [/^(?:stop|kill|end|quit|clos|restart|start|run|execut|copy|duplicat|creat|mak|instal)/, 'anything'],
]
const verb =
  '(?<verb>(?:delet|remov|eras|bin|trash|throw|discard|wip|clear|chuck|los|mov|shift|renam|unpack|extract|unzip|decompress|open|chang|modif|touch|alter|edit|overwrit|writ|mess|sav|updat|replac|sort|stop|kill|end|quit|clos|restart|start|run|execut|copy|duplicat|creat|mak|instal)[a-z]*(?: (?:away|out|up|with|off))?)'
const object =
  '(?<what>(?:it|them|that|this|any of it|any of them|anything(?: else)?|any files?|any folders?|nothing|a thing|the (?:file|files|folder|original|originals|archive|source|content|contents|rest|disk|file itself)|⟦\\d+⟧|the [\\p{L}\\p{N}_-]+ (?:folder|file|directory)|[\\p{L}\\p{N}_-]+)(?: itself| yet| for now| though| (?:on|from) (?:the )?disk| in ⟦\\d+⟧| in [\\p{L}]+ [\\p{L}]+)?)'
const no =
  "(?:please )?(?:do not|don['’]t|dont|never|you (?:must not|mustn['’]t|need not|needn['’]t|may not)|no need to)"
const stop = '(?:,|;|:|\\.|!|\\?| [-–—])+ '
const left =
  '(?:alone|as (?:it is|they are|is|it was|they were)|unchanged|untouched|be|in place|where (?:it is|they are|it was)|there|intact|unmodified|in peace|as i left it)'

/** what a prohibition means for the rest of its sentence; undefined where its verb is none that is known. */
function forbid(said: string, what: string): readonly Forbidden[] | undefined {
  const deed = verbs.find(([pattern]) => pattern.test(said.toLowerCase()))?.[1]
  if (deed === undefined) return undefined
  const name =
    /^(?:⟦\d+⟧|the .+ (?:folder|file|directory))$/i.test(what) && !/^the (?:original|source|whole) /i.test(what)
  return [name ? { deed, path: bare(what) } : { deed }]
}

const bare = (what: string): string => what.replace(/^the /i, '').replace(/ (?:folder|file|directory)$/i, '')
const isName = (what: string): boolean => /⟦\d+⟧/.test(what)

const keepSaid = (head: string, what: string): Said => ({
  text: head,
  forbids: [isName(what) ? { deed: 'change', path: bare(what) } : { deed: 'change' }],
})

export const provisos: readonly Rule[] = [
  rule(
    `${no} ${verb} ${object}${stop}(?:but |and |please |rather |instead |i )*(?:just |only |simply |merely |instead |rather )*(?<rest>.+)`,
    ({ verb: said = '', what = '', rest = '' }) => {
      const forbids = forbid(said, what)
      if (forbids === undefined) return undefined
      const text = (isName(what) ? put(rest, what) : undefined) ?? rest
      // `don't delete anything in old stuff, just list what is there`
      const where = /(?: in| from) (?<place>.+)$/.exec(what)?.groups?.['place']
      return { text: where === undefined ? text : text.replace(/\bthere\b/i, () => `in ${where}`), forbids }
    },
  ),
  rule(
    `(?<head>.+?)(?:${stop}|,? but |,? and )(?:but |and )?${no} ${verb} ${object}[.!]*`,
    ({ head = '', verb: said = '', what = '' }) => {
      const forbids = forbid(said, what)
      return forbids && { text: head, forbids }
    },
  ),
  rule(`(?<head>.+?),? (?:but )?without ${verb} ${object}[.!?]*`, ({ head = '', verb: said = '', what = '' }) => {
    const forbids = forbid(said, what)
    return forbids && { text: head, forbids }
  }),
  rule(`without ${verb} ${object}, (?<rest>.+)`, ({ verb: said = '', what = '', rest = '' }) => {
    const forbids = forbid(said, what)
    return forbids && { text: rest, forbids }
  }),
  rule(
    `(?<head>.+?)(?:${stop}|,? (?:but|and|while|yet) )(?:but |and |please )*(?:leave|leaving|keep|keeping) (?<what>$thing) ${left}[.!?]*`,
    ({ head = '', what = '' }) =>
      isName(what) && /\b(?:files|all|every|everything|ones|images|photos|pictures)\b/i.test(head)
        ? `${head} except ${what}`
        : keepSaid(head, what),
  ),
  rule(
    `(?<head>.+?)(?:${stop}|,? (?:but|and|while|yet) )(?:but |and |please )*(?:leave|leaving|keep|keeping) (?<what>$thing) ${left}[.!?]*`,
    ({ head = '', what = '' }) => keepSaid(head, what),
  ),
  rule(
    `(?<head>.+?),? (?:but|and) (?:please )?(?:keep|leave|spare|not) (?<what>⟦\\d+⟧)[.!]*`,
    ({ head = '', what = '' }) =>
      /\b(?:files|all|every|everything|ones|images|photos|pictures)\b/i.test(head)
        ? `${head} except ${what}`
        : undefined,
  ),
  rule(`(?<head>.+?),? (?:and |but )?not (?<what>⟦\\d+⟧)[.!]*`, ({ head = '', what = '' }) => keepSaid(head, what)),
  // what is in a folder goes with it
  rule(
    `(?<head>(?:(?!\\bfiles?\\b).)+?),? (?:(?:with |and )?(?:all )?(?:its |the |their )?(?:contents?|pictures|photos|files|documents|images|subfolders|everything)(?: and all| included| inside(?: it)?| in it)|and all (?:its|the|of its|their) (?:contents?|files|pictures|photos|documents|images|subfolders|stuff)|(?:including|with) (?:everything|all|all that is|what is|whatever is) (?:in|inside) it|(?:with )?(?:its |the |all )*(?:missing )?parents?(?: folders| directories)? (?:included|and all|too|as well))[.!]*`,
    ({ head = '' }) => (/\b(?:⟦\d+⟧|folder|directory)/.test(head) || /⟦\d+⟧/.test(head) ? head : undefined),
  ),
  rule(
    `(?<head>.+?),? (?:also )?(?:counting|including|with|and|in|even in) (?:its|the|all|all the|any|their) (?:sub-?folders|sub-?directories|folders below)(?: too| as well| included)?(?<end>[?.!]*)`,
    ({ head = '', end = '' }) => `${head} including subfolders${end}`,
  ),
]
