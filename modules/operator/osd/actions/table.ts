// table.query: a column or a row of a table in a text file, and what its numbers come to.
import { z } from 'zod'
import type { ActionContext, ActionResult } from '../action.ts'
import { defineAction } from '../action.ts'
import { countArgument, pathArgument, searchArgument } from './arguments.ts'
import { actionErrors } from './errors.ts'
import { limitLines, nameList, plural } from './format.ts'
import { pathResource } from './paths.ts'
import { readAllLines } from './text-lines.ts'

const input = z.strictObject({
  path: pathArgument,
  column: searchArgument.optional().describe('its name in the first row'),
  columns: z.array(searchArgument).max(50).optional().describe('several columns by their names'),
  number: countArgument.optional().describe('a column by its number, the first is 1'),
  where: searchArgument.optional().describe('only rows with a cell that is this, without regard to case'),
  answer: z
    .enum(['values', 'sum', 'average', 'max', 'min', 'distinct', 'rows', 'count', 'header'])
    .optional()
    .describe('default values'),
})

type Arguments = z.output<typeof input>

/** the sign between the cells: the one of these that the first row has most often. */
function separatorOf(first: string): string {
  const counts = [',', ';', '\t', '|'].map((sign) => ({ sign, count: first.split(sign).length - 1 }))
  const best = counts.toSorted((a, b) => b.count - a.count)[0]
  return best === undefined || best.count === 0 ? ',' : best.sign
}

/** the cells of a row; a quoted cell may hold the separator, and a doubled quote is one. */
function cellsOf(line: string, separator: string): string[] {
  const cells: string[] = []
  let cell = ''
  let quoted = false
  for (let at = 0; at < line.length; at += 1) {
    const sign = line[at]
    if (quoted && sign === '"' && line[at + 1] === '"') {
      cell += '"'
      at += 1
    } else if (sign === '"' && (quoted || cell.trim() === '')) {
      quoted = !quoted
      if (quoted) cell = ''
    } else if (!quoted && sign === separator) {
      cells.push(cell.trim())
      cell = ''
    } else cell += sign
  }
  cells.push(cell.trim())
  return cells
}

interface Table {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

async function readTable(path: string, context: ActionContext): Promise<Table> {
  const lines = (await readAllLines(context.tree, path)).filter((line) => line.trim() !== '')
  const [first] = lines
  if (first === undefined) return { header: [], rows: [] }
  const separator = separatorOf(first)
  const [header, ...rows] = lines.map((line) => cellsOf(line.replace(/^\ufeff/, ''), separator))
  return { header: header ?? [], rows }
}

const fold = (text: string) => text.normalize('NFC').toLowerCase().trim()

/** the place of a column; `names` finds `name`, as people say it. undefined where there is none. */
function placeOf(name: string, header: readonly string[]): number | undefined {
  const wanted = fold(name)
  const places = header.map(fold)
  for (const form of [wanted, wanted.replace(/s$/, ''), wanted.replace(/ies$/, 'y'), wanted.replace(/es$/, '')]) {
    const at = places.indexOf(form)
    if (at >= 0) return at
  }
  return undefined
}

function placesOf(args: Arguments, header: readonly string[], path: string): number[] {
  if (args.number !== undefined) {
    if (args.number > header.length)
      throw actionErrors.NO_SUCH_COLUMN({
        value: args.number,
        detail: `${path} has ${plural(header.length, 'column')}`,
      })
    return [args.number - 1]
  }
  const names =
    (args.columns?.length === 0 ? undefined : args.columns) ?? (args.column === undefined ? undefined : [args.column])
  return names === undefined
    ? header.map((_, at) => at)
    : names.map((name) => {
        const place = placeOf(name, header)
        if (place === undefined)
          throw actionErrors.NO_SUCH_COLUMN({ value: name, detail: `${path} has ${nameList(header)}` })
        return place
      })
}

/** a number as tables write it: `1,250.50`, `€ 12`, `12 %`; undefined for what is none. */
function numberOf(cell: string): number | undefined {
  const plain = cell.replace(/[\s%€$£]/g, '').replace(/,(?=\d{3}(?:\D|$))/g, '')
  return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(plain) ? Number(plain) : undefined
}

const round = (value: number) => String(Math.round(value * 1e6) / 1e6)

function calculated(values: readonly number[], answer: string): string {
  const sum = values.reduce((total, value) => total + value, 0)
  switch (answer) {
    case 'sum':
      return round(sum)
    case 'average':
      return round(sum / values.length)
    case 'max':
      return round(values.reduce((best, value) => Math.max(best, value), -Infinity))
    default:
      return round(values.reduce((best, value) => Math.min(best, value), Infinity))
  }
}

const calculations = ['sum', 'average', 'max', 'min']
const calculatedWords: Readonly<Record<string, string>> = {
  sum: 'the sum',
  average: 'the average',
  max: 'the largest value',
  min: 'the smallest value',
}

async function query(args: Arguments, context: ActionContext): Promise<ActionResult> {
  const path = context.tree.show(await context.tree.locate(args.path))
  const { header, rows } = await readTable(args.path, context)
  const answer = args.answer ?? 'values'
  const result = (text: string, plain: readonly string[], count: number): ActionResult => ({
    text,
    data: { path, paths: [path], count, text: plain.slice(0, 1000).join('\n') },
  })
  if (header.length === 0) return result(`${path} is empty`, [], 0)
  if (answer === 'header')
    return result(`${plural(header.length, 'column')}: ${header.join(', ')}`, header, header.length)
  // a cell that is looked up in a column that is not there is a question with an answer
  const lacking = args.where === undefined ? undefined : args.column
  if (lacking !== undefined && placeOf(lacking, header) === undefined)
    return result(`${path} has no column "${lacking}"; its columns are ${nameList(header)}`, [], 0)
  const places = placesOf(args, header, path)
  // `Priya's email` is the email of Priya.
  const where = args.where?.replace(/(?<=\p{L})['’]s?$/u, '')
  const fitting = where === undefined ? rows : rows.filter((row) => row.some((cell) => fold(cell) === fold(where)))
  if (answer === 'count')
    return result(`${plural(fitting.length, 'row')} in ${path}`, [String(fitting.length)], fitting.length)
  if (fitting.length === 0) {
    const about = where === undefined ? 'no rows below its first one' : `no row with "${where}"`
    return result(`${path} has ${about}`, [], 0)
  }
  const chosen = fitting.map((row) => places.map((at) => row[at] ?? ''))
  const named = places.map((at) => header[at] ?? '')
  if (calculations.includes(answer)) {
    const values = chosen.flat().flatMap((cell) => numberOf(cell) ?? [])
    // a wrong column would give a sum of nothing, or of what happens to be a number in it.
    const odd = chosen.flat().find((cell) => cell !== '' && numberOf(cell) === undefined)
    if (values.length === 0 || odd !== undefined)
      throw actionErrors.NOT_NUMBERS({
        value: named.join(', '),
        detail: odd === undefined ? 'it is empty' : `'${odd}'`,
      })
    const value = calculated(values, answer)
    return result(`${calculatedWords[answer]} of ${nameList(named)} in ${path} is ${value}`, [value], values.length)
  }
  if (answer === 'rows') {
    const lines = chosen.map((row) => row.map((cell, at) => `${named[at]}: ${cell}`).join(', '))
    return result(limitLines(lines), lines, lines.length)
  }
  const values = chosen.map((row) => row.join(', '))
  const shown = answer === 'distinct' ? [...new Set(values)] : values
  return result(limitLines(shown), shown, shown.length)
}

export const tableQuery = defineAction({
  name: 'table.query',
  description: 'a column or a row of a table such as a csv file, or the sum, average or extremes of a column',
  effect: 'none',
  risk: 'none',
  undoable: false,
  timeoutMs: 20_000,
  input,
  resources: async (args, { tree }) => [await pathResource(tree, args.path, 'read')],
  run: query,
})
