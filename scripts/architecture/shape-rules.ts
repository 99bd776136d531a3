/** the looks of a file: its length, and its comments (no banners, lowercase prose). */
import { typeScriptIn, type Finding, type Repository, type Rule } from './repository.ts'

const maximumLines = 500

const filesAreShort: Rule = (repository) =>
  typeScriptIn(repository, 'nucleus.ts', 'nucleus/', 'modules/', 'scripts/').flatMap((file) => {
    const lines = (repository.read(file) ?? '').trimEnd().split('\n').length
    if (lines <= maximumLines) return []
    return [
      {
        file,
        line: 0,
        message: `has ${lines} lines, the limit is ${maximumLines}`,
        remedy: 'it holds more than one idea: give each a file named after it',
      },
    ]
  })

interface Comment {
  readonly line: number
  /** without the signs that make it a comment, one entry a line */
  readonly lines: readonly string[]
}

/** comments of a TypeScript file; line comments that follow each other are one comment */
function commentsOf(repository: Repository, file: string): readonly Comment[] {
  const comments: { line: number; lines: string[] }[] = []
  for (const token of repository.tokens(file)) {
    if (token.kind !== 'comment') continue
    if (token.text.startsWith('/*')) {
      const inner = token.text.replace(/^\/\*+/, '').replace(/\*+\/$/, '')
      comments.push({ line: token.line, lines: inner.split('\n').map((line) => line.replace(/^\s*\* ?/, '').trim()) })
      continue
    }
    const text = token.text.slice(2).trim()
    const last = comments.at(-1)
    if (token.opensLine && last !== undefined && last.line + last.lines.length === token.line) last.lines.push(text)
    else comments.push({ line: token.line, lines: [text] })
  }
  return comments
}

function shellCommentsOf(repository: Repository, file: string): readonly Comment[] {
  const comments: { line: number; lines: string[] }[] = []
  for (const [index, line] of (repository.read(file) ?? '').split('\n').entries()) {
    const text = /^\s*#(?!!)(.*)$/.exec(line)?.[1]?.trim()
    if (text === undefined) continue
    const last = comments.at(-1)
    if (last !== undefined && last.line + last.lines.length === index + 1) last.lines.push(text)
    else comments.push({ line: index + 1, lines: [text] })
  }
  return comments
}

function isShell(repository: Repository, file: string): boolean {
  return file.endsWith('.sh') || /^#!.*sh\n/.test((repository.read(file) ?? '').slice(0, 80))
}

/** every comment of the files that people write by hand */
function allComments(repository: Repository): readonly { readonly file: string; readonly comment: Comment }[] {
  const places = ['nucleus.ts', 'vitest.config.ts', 'nucleus/', 'modules/', 'scripts/', 'config/', 'tests/']
  const source = typeScriptIn(repository, ...places).flatMap((file) =>
    commentsOf(repository, file).map((comment) => ({ file, comment })),
  )
  const shell = repository.files
    .filter((file) => isShell(repository, file))
    .flatMap((file) => shellCommentsOf(repository, file).map((comment) => ({ file, comment })))
  return [...source, ...shell]
}

const banner = /^(?:[-=*#~_+/─━═▬]){4,}(?:\s|$)|\s[-=*#~_+/─━═▬]{4,}$/

const noBanners: Rule = (repository) =>
  allComments(repository).flatMap(({ file, comment }) =>
    comment.lines.flatMap((text, index): Finding[] => {
      // a table in markdown has rows of dashes too
      if (!banner.test(text) || text.includes('|')) return []
      return [
        {
          file,
          line: comment.line + index,
          message: `a banner comment: ${text.slice(0, 40)}`,
          remedy: 'say in a sentence why, or give the part a file of its own',
        },
      ]
    }),
  )

// only words that are no names: a comment may well begin with Redis, SQLite or an identifier
const ordinaryWords = new Set(
  `The This That These Those There Then Than A An If When While It Its We You They He
  Return Returns Create Creates Get Gets Set Sets Check Checks For To In On Only Note Make Makes Use Uses Used
  Every Each All Any No Not And But Or Whether Where What Which Who Why How Here Must Should Can Could May Might
  Run Runs Read Reads Write Writes Add Adds Remove Removes Handle Handles Do Does Because Since So As At By From
  With Without Start Starts Stop Stops Is Are Was Be Has Have Try Tries Find Finds Build Builds Parse Parses
  Convert Converts Ensure Ensures Load Loads Open Opens Close Closes Keep Keeps Never Always Also Once After Before
  Called Given Takes Take Gives Give First Last Next Now One Two Same Some Such`.split(/\s+/),
)

const commentsAreLowercase: Rule = (repository) =>
  allComments(repository).flatMap(({ file, comment }): Finding[] => {
    const offset = comment.lines.findIndex((text) => text !== '')
    const word = /^([A-Z][a-z]*)(?=[\s,.:]|$)/.exec(comment.lines[offset] ?? '')?.[1]
    if (word === undefined || !ordinaryWords.has(word)) return []
    return [
      {
        file,
        line: comment.line + offset,
        message: `a comment begins with “${word}”`,
        remedy: `comments are lowercase prose: write “${word.toLowerCase()}”`,
      },
    ]
  })

export const shapeRules: readonly Rule[] = [filesAreShort, noBanners, commentsAreLowercase]
