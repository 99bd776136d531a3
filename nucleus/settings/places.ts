// says on which line of a file a setting stands, so that a message can point there.

/** the line, from 1, of each key of a JSON text, by its path joined with dots. the text must be valid JSON. */
export function jsonKeyLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>()
  const path: string[] = []
  let depth = 0
  let line = 1
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index]
    if (character === '\n') line += 1
    else if (character === '{' || character === '[') depth += 1
    else if (character === '}' || character === ']') depth -= 1
    else if (character === '"') {
      const start = index
      for (index += 1; text[index] !== '"'; index += 1) if (text[index] === '\\') index += 1
      if (!/^\s*:/.test(text.slice(index + 1, index + 200))) continue
      path.length = Math.max(0, depth - 1)
      path.push(JSON.parse(text.slice(start, index + 1)) as string)
      lines.set(path.join('.'), line)
    }
  }
  return lines
}

/** the line, from 1, where each variable of a `.env` text was set last. */
export function envNameLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>()
  for (const [index, row] of text.split('\n').entries()) {
    const name = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=/.exec(row)?.[1]
    if (name !== undefined) lines.set(name, index + 1)
  }
  return lines
}

/** the line, from 1, that a JSON syntax error is about, or undefined where its message does not tell. */
export function jsonErrorLine(text: string, error: unknown): number | undefined {
  const position = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined
  return position === undefined ? undefined : text.slice(0, Number(position)).split('\n').length
}
