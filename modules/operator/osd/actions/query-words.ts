// a search in words, for answers such as 'no .tmp files found in old stuff' or '3 .js files'.
import { showValue } from '../../../../nucleus/errors.ts'
import type { FileQuery } from './file-query.ts'
import { formatDuration, formatTime, nameList, shortBytes } from './format.ts'

const nouns = {
  file: ['file', 'files'],
  folder: ['folder', 'folders'],
  link: ['link', 'links'],
  any: ['file or folder', 'files or folders'],
} as const

/** what is looked for, for `count` of them: 'empty .log files larger than 1.0 MB in src'. */
export function describeQuery(query: FileQuery, count: number, timeZone: string): string {
  return `${headWords(query, count)}${restWords(query, timeZone)}`
}

/** that nothing was found: 'no .log files found larger than 1.0 MB in src'. */
export function describeNothing(query: FileQuery, timeZone: string): string {
  return `no ${headWords(query, 2)} found${restWords(query, timeZone)}`
}

function restWords(query: FileQuery, timeZone: string): string {
  const words = [...nameWords(query), ...statusWords(query, timeZone)].join(', ')
  return `${words === '' ? '' : ` ${words}`}${placeWords(query)}`
}

function headWords(query: FileQuery, count: number): string {
  const noun = nouns[query.kind ?? 'file'][count === 1 ? 0 : 1]
  const before: string[] = []
  if (query.empty !== undefined) before.push(query.empty ? 'empty' : 'not empty')
  if (query.executable === true) before.push('executable')
  const { extensions } = query
  if (extensions !== undefined && extensions.length > 0 && !extensions.includes('')) {
    const named = extensions.slice(0, 4).map((extension) => `.${extension.replace(/^\./, '')}`)
    before.push(extensions.length > 4 ? `${named.join(', ')} …` : named.join(' or '))
  }
  return [...before, noun].join(' ')
}

function nameWords(query: FileQuery): string[] {
  const words: string[] = []
  const quoted = (text: string) => `"${showValue(text).slice(1, -1)}"`
  if (query.extensions?.includes('') === true || query.no_extension === true) words.push('without an extension')
  if (query.no_extension === false) words.push('with an extension')
  if (query.name_equals !== undefined) words.push(`named ${quoted(query.name_equals)}`)
  if (query.name_contains !== undefined) words.push(`with ${quoted(query.name_contains)} in the name`)
  if (query.name_starts !== undefined) words.push(`with a name starting with ${quoted(query.name_starts)}`)
  if (query.name_ends !== undefined) words.push(`with a name ending in ${quoted(query.name_ends)}`)
  if (query.glob !== undefined) words.push(`matching ${quoted(query.glob)}`)
  if (query.contains !== undefined) words.push(`containing ${quoted(query.contains)}`)
  for (const text of query.also_contains ?? []) words.push(`containing ${quoted(text)}`)
  for (const text of query.or_contains ?? []) words.push(`or ${quoted(text)}`)
  for (const text of [query.except?.contains ?? []].flat()) words.push(`not containing ${quoted(text)}`)
  const left = [...(query.except?.names ?? []), ...(query.except?.extensions ?? []).map((extension) => `.${extension}`)]
  if (left.length > 0) words.push(`except ${nameList(left.map(quoted), 5)}`)
  return words
}

function statusWords(query: FileQuery, timeZone: string): string[] {
  const words: string[] = []
  const at = (epochMs: number) => formatTime(epochMs, timeZone, false)
  if (query.larger_than !== undefined) words.push(`larger than ${shortBytes(query.larger_than)}`)
  if (query.smaller_than !== undefined) words.push(`smaller than ${shortBytes(query.smaller_than)}`)
  if (query.modified_within_ms !== undefined)
    words.push(`modified in the last ${formatDuration(query.modified_within_ms)}`)
  if (query.older_than_ms !== undefined) words.push(`older than ${formatDuration(query.older_than_ms)}`)
  if (query.modified_after !== undefined) words.push(`modified since ${at(query.modified_after)}`)
  if (query.modified_before !== undefined) words.push(`modified before ${at(query.modified_before)}`)
  if (query.newer_than_file !== undefined) words.push(`newer than ${query.newer_than_file}`)
  if (query.older_than_file !== undefined) words.push(`older than ${query.older_than_file}`)
  if (query.larger_than_file !== undefined) words.push(`larger than ${query.larger_than_file}`)
  if (query.smaller_than_file !== undefined) words.push(`smaller than ${query.smaller_than_file}`)
  return words
}

function placeWords({ root, recursive }: FileQuery): string {
  if (root !== undefined && root !== '.') return recursive === false ? ` directly in ${root}` : ` in ${root}`
  return recursive === false ? ' directly in this folder' : ''
}
