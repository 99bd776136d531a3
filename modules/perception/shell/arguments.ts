// cuts a line as a shell would: words, quotations, options. what only a shell could do with it makes it none of ours.

/** a word of a line; what stood in quotes is nobody's option and no pattern of names. */
export interface ShellWord {
  readonly text: string
  readonly quoted: boolean
}

export interface ShellLine {
  readonly command: string
  readonly words: readonly ShellWord[]
  /** signs that join commands or send their output elsewhere, outside of quotes. */
  readonly joins: readonly string[]
}

const maximumWords = 40
const joining = /^(?:\||\|\||&|&&|;|>|>>|<|<<|2>|2>>|&>|2>&1)$/
/** what a shell replaces before the command sees it. */
const replaced = /[$`(){}\\]/

/** a goal as a line of a shell; undefined where it has what only a shell replaces, or a quotation that does not end. */
export function cutLine(goal: string): ShellLine | undefined {
  const words: ShellWord[] = []
  const joins: string[] = []
  for (const match of goal.matchAll(/\S*?"[^"]*"\S*|\S*?'[^']*'\S*|\S+/gu)) {
    const text = match[0]
    const inside = /^(?:"([^"]*)"|'([^']*)')$/.exec(text)
    if (inside) {
      if (inside[1] !== undefined && replaced.test(inside[1])) return undefined
      words.push({ text: inside[1] ?? inside[2] ?? '', quoted: true })
      continue
    }
    if (/["']/.test(text) || replaced.test(text)) return undefined
    // `a.txt;` and `>a.txt` have their sign without a space
    const parts = text.split(/(\|\||&&|>>|[|;<>&])/).filter((part) => part !== '')
    for (const part of parts) {
      if (joining.test(part)) joins.push(part)
      words.push({ text: part, quoted: false })
    }
  }
  const [first, ...rest] = words
  if (first === undefined || first.quoted || rest.length > maximumWords) return undefined
  return { command: first.text, words: rest, joins }
}

export interface Options {
  /** letters and long names that were given: `r`, `ignore-case`. */
  readonly given: ReadonlySet<string>
  /** the values of options that take one. */
  readonly values: ReadonlyMap<string, string>
  readonly operands: readonly ShellWord[]
}

export interface OptionStyle {
  /** letters of options that take a value. */
  readonly valued?: string
  /** options are words with one dash and have a value each: `find -name '*.md'`. */
  readonly isWord?: boolean
}

/** takes options and operands apart, in the way of POSIX: letters may be joined, `--` ends options. */
export function readOptions(words: readonly ShellWord[], { valued = '', isWord = false }: OptionStyle): Options {
  const given = new Set<string>()
  const values = new Map<string, string>()
  const operands: ShellWord[] = []
  let ended = false
  for (let at = 0; at < words.length; at += 1) {
    const { text, quoted } = words[at]!
    if (ended || quoted || text === '-' || !text.startsWith('-')) {
      operands.push(words[at]!)
      continue
    }
    if (text === '--') {
      ended = true
      continue
    }
    if (text.startsWith('--')) {
      const [name = '', value] = text.slice(2).split('=', 2)
      given.add(name)
      if (value !== undefined) values.set(name, value)
      continue
    }
    if (isWord) {
      given.add(text.slice(1))
      values.set(text.slice(1), words[(at += 1)]?.text ?? '')
      continue
    }
    const number = /^-(\d+)$/.exec(text)
    if (number && valued.includes('n')) {
      given.add('n')
      values.set('n', number[1]!)
      continue
    }
    for (let index = 1; index < text.length; index += 1) {
      const letter = text[index]!
      given.add(letter)
      if (!valued.includes(letter)) continue
      const rest = text.slice(index + 1)
      const value = rest === '' ? words[at + 1]?.text : rest
      if (rest === '') at += 1
      if (value !== undefined) values.set(letter, value)
      break
    }
  }
  return { given, values, operands }
}
