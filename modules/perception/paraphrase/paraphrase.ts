// says a goal in other words that mean the same: a few rules about the shape of sentences, applied one after the other.
import type { Forbidden } from '../contract.ts'
import type { KnownName, WordToken } from '../slots/slot-parser.ts'
import { conditions } from './conditions.ts'
import { frames } from './frames.ts'
import { lines } from './lines.ts'
import { making } from './making.ts'
import { mask } from './masking.ts'
import { needs } from './needs.ts'
import { order } from './order.ts'
import { provisos } from './provisos.ts'
import { questions } from './questions.ts'
import { reach } from './reach.ts'
import type { Rule, SaidProviso } from './rule.ts'
import { smallTalk } from './small-talk.ts'
import { texts } from './texts.ts'
import { wishes } from './wishes.ts'

export interface Paraphrase {
  readonly text: string
  /** what the goal says must not be done; who acts on the paraphrase must heed it. */
  readonly forbids: readonly Forbidden[]
  /** what must be so; who acts on the paraphrase must see to it. */
  readonly provided: readonly SaidProviso[]
}

/** the shapes of sentences that are known; exported for tests. */
export const rules: readonly Rule[] = [
  ...reach,
  ...smallTalk,
  ...conditions,
  ...provisos,
  ...lines,
  ...texts,
  ...wishes,
  ...making,
  ...needs,
  ...questions,
  ...order,
  ...frames,
]

/** a sentence is turned at most this often. */
const maximumDepth = 3
const maximumParaphrases = 8
/** a longer goal is a text, no sentence of these shapes. */
const maximumLength = 240

/** other ways to say a goal, the nearest first; empty for most goals. */
export function paraphrase(
  text: string,
  tokens: readonly WordToken[],
  names: readonly KnownName[],
): readonly Paraphrase[] {
  if (text.length > maximumLength) return []
  const masked = mask(text, tokens, names)
  const start: Paraphrase = { text: masked.text.replaceAll(/\s+/g, ' ').trim(), forbids: [], provided: [] }
  const seen = new Set([start.text])
  const found: Paraphrase[] = []
  let level: readonly Paraphrase[] = [start]
  for (let depth = 0; depth < maximumDepth && found.length < maximumParaphrases; depth += 1) {
    const next: Paraphrase[] = []
    for (const from of level) {
      const lower = from.text.toLowerCase()
      for (const { match, say } of rules) {
        const groups = match(from.text, lower)
        const said = groups && say(groups)
        if (said === undefined) continue
        const { text: other, forbids = [], provided = [] } = typeof said === 'string' ? { text: said } : said
        const sentence = other.replaceAll(/\s+/g, ' ').trim()
        if (sentence === '' || seen.has(sentence)) continue
        seen.add(sentence)
        next.push({
          text: sentence,
          forbids: [...from.forbids, ...forbids],
          provided: [...from.provided, ...provided],
        })
      }
    }
    found.push(...next)
    level = next
  }
  const isThing = (path: string): boolean => /⟦\d+⟧/.test(path) || names.some((name) => name.path === path)
  return (
    found
      .slice(0, maximumParaphrases)
      // a fact about something that is no name here is no fact about a file: `if time allows`
      .filter((one) => one.provided.every(({ path }) => isThing(path)))
      .map((one) => ({
        text: masked.restore(one.text),
        provided: one.provided.map((fact) => ({ ...fact, path: unquoted(masked.restore(fact.path)) })),
        forbids: one.forbids.map((forbidden) =>
          forbidden.path === undefined ? forbidden : { ...forbidden, path: unquoted(masked.restore(forbidden.path)) },
        ),
      }))
  )
}

const unquoted = (path: string): string => path.replace(/^["'“‘`«]|["'”’`»]$/g, '').replace(/\/$/, '')
