// every step of every innate trace names an action or a tool, with arguments that the action takes.
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../../../modules/operator/contract.ts'
import { actions } from '../../../../modules/operator/osd/actions/index.ts'
import { createPlan } from '../../../../modules/reasoning/bind.ts'
import { type Trace, loadTraces } from '../../../../modules/reasoning/traces/library.ts'
import { type PatternNode, namesIn } from '../../../../modules/reasoning/traces/pattern.ts'

const traces = await loadTraces(fileURLToPath(new URL('../../../../modules/reasoning/innate', import.meta.url)))
const definitions = new Map(actions.map((action) => [action.name, action]))
/** what other modules do; they check their own arguments. */
const tool = /^(?:memory\.\w+|reminders\.\w+|lotus\.\w+|calculate|convert|clock\.\w+|undo\.last)$/

/** a search with everything in it that words can ask for. */
const search = {
  root: 'docs',
  recursive: true,
  kind: 'any',
  extensions: ['txt'],
  name_equals: 'a.txt',
  name_contains: 'a',
  name_starts: '.',
  name_ends: 't',
  glob: '*.txt',
  larger_than: 1,
  smaller_than: 9e9,
  modified_after: 0,
  modified_before: 9e12,
  modified_within_ms: 1000,
  older_than_ms: 1000,
  empty: false,
  executable: false,
  hidden: true,
  contains: 'tea',
  ignore_case: true,
  whole_word: true,
  no_extension: false,
  except: { names: ['docs/b.txt'], extensions: ['md'], contains: 'x' },
  sort: 'size',
  order: 'descending',
  limit: 1,
} as const

const placeholders: Readonly<Record<string, Json>> = {
  ...Object.fromEntries(
    ['file', 'path', 'new_file', 'file_noun', 'new_name', 'new_path', 'name_of_file', 'named', 'entry_name'].map(
      (type) => [type, 'docs/a.txt'],
    ),
  ),
  ...Object.fromEntries(['folder', 'target', 'new_folder', 'there', 'folder_named'].map((type) => [type, 'docs'])),
  ...Object.fromEntries(
    ['paths', 'several', 'new_folders', 'new_files', 'new_names', 'new_folder_noun'].map((type) => [type, ['a', 'b']]),
  ),
  ...Object.fromEntries(
    ['files', 'files_below', 'summed_files', 'chosen_files', 'folders', 'found_files', 'extreme'].map((type) => [
      type,
      search,
    ]),
  ),
  plain_files: { root: 'docs', recursive: false, kind: 'any', hidden: true },
  archive_file: 'a.zip',
  archive_name: 'a.tar.gz',
  gzip_name: 'a.txt.gz',
  table_file: 'docs/a.csv',
  plain_file: 'docs/a.txt',
  branch_name: 'main',
  cell: 'Wen',
  branch_sure: 'main',
  process_name: 'tea',
  line_text: 'tea',
  new_file_path: 'docs/new.txt',
  into_folder: 'docs/new/',
  size_unit: 'MB',
  date: { from: 1, to: 2 },
  text_file: 'docs/a.txt',
  restored: 'docs/a.txt',
  data_file: 'docs/a.json',
  field_name: 'port',
  list_noun: 'entries',
  mode: '644',
  extension: 'md',
  dotted: 'md',
  listing_order: { sort: 'size', order: 'descending' },
  listing_details: true,
  listing_hidden: true,
  place: 'Asia/Tokyo',
  ...Object.fromEntries(
    [
      'quoted',
      'text',
      'needle',
      'needle_strict',
      'needle_code',
      'needle_quoted',
      'replacement',
      'deed',
      'variable',
      'variable_name',
      'note',
      'topic',
      'word',
      'words',
      'anything',
    ].map((type) => [type, 'tea']),
  ),
  ...Object.fromEntries(['number', 'count', 'ordinal', 'size', 'duration'].map((type) => [type, 3])),
  quantity: { value: 3, unit: 'km' },
  unit: 'mile',
  expression: '1 + 1',
  when: { at: 1 },
}

type Bindings = Record<string, unknown>

interface NamedSlot {
  readonly name: string
  readonly type: string
}

/** the slots of each way to say a pattern in which nothing is said that may be left out. */
function shortestWays(node: PatternNode): NamedSlot[][] {
  switch (node.kind) {
    case 'slot':
      return [[{ name: node.name, type: node.type }]]
    case 'choice':
      return different(node.options.flatMap(shortestWays))
    case 'sequence':
      return node.parts.reduce<NamedSlot[][]>(
        (ways, part) => different(shortestWays(part).flatMap((more) => ways.map((way) => [...way, ...more]))),
        [[]],
      )
    default:
      return [[]]
  }
}

function different(ways: readonly NamedSlot[][]): NamedSlot[][] {
  return [...new Map(ways.map((way) => [JSON.stringify(way), way])).values()]
}

/** bindings that wordings give, with all of their slots and with few; a slot of several types once with each. */
function* bindingsOf(trace: Trace): Generator<Bindings> {
  for (const goal of trace.compiled) {
    const { slots } = namesIn(goal.pattern)
    for (const turn of [slots, slots.toReversed(), ...shortestWays(goal.pattern)]) {
      const bindings: Bindings = { ...trace.defaults, ...goal.implied }
      for (const { name, type } of turn) {
        expect(placeholders, `a placeholder for ${type}`).toHaveProperty(type)
        bindings[name] = placeholders[type]
      }
      // the folder that new names lie in is joined to them before.
      delete bindings['inside']
      yield bindings
    }
  }
}

/** names of slots in the templates of a value. */
function slotsIn(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/\{([a-z_.?]+)(?:\|[a-z]+(?::([a-z_]+))?)?\}/g)].flatMap(
    ([, names = '', argument]) =>
      [...names.split('??'), argument ?? ''].filter((name) => name !== '').map((name) => name.split('.')[0] ?? ''),
  )
}

describe('the innate traces', () => {
  it('are there', () => {
    expect(traces.length).toBeGreaterThan(100)
  })

  it.each(traces.map((trace) => [trace.trace, trace] as const))('%s', (_name, trace) => {
    const given = new Set<string>()
    for (const bindings of bindingsOf(trace)) {
      for (const name of Object.keys(bindings)) given.add(name)
      for (const { action, args } of createPlan('', [{ trace, bindings, score: 1, pattern: '' }]).steps) {
        if (tool.test(action)) continue
        const definition = definitions.get(action)
        expect(definition, `the action ${action}`).toBeDefined()
        const checked = definition?.input.safeParse(args)
        expect(checked?.error?.issues ?? [], `${action} ${JSON.stringify(args)}`).toEqual([])
      }
    }
    // which change is taken back is given by the session, not by words: `undo that` behind another goal.
    if (trace.trace === 'lotus.undo') given.add('undo_id')
    // a slot that no wording gives is a name written wrong.
    expect(slotsIn(trace.steps.map(({ args }) => args)).filter((slot) => !given.has(slot))).toEqual([])
  })
})
