// what the documentation names is there: commands, options, links, settings, files, error codes, exit codes.
import { globSync, existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { core } from '../../nucleus/settings/core.ts'
import { findSchemas } from '../../nucleus/settings/find.ts'
import { commandAliases, commandNames, findCommandName } from '../../scripts/commands/names.ts'
import { loadCommand } from '../../scripts/client/main.ts'
import { findErrors, outcomeCodes } from '../../scripts/generate-errors-reference.ts'

const project = join(import.meta.dirname, '../..')
const generated = /^docs\/reference\/(?!errors)/
const pages = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md', { cwd: project })].sort()
const textOf = (page: string): string => readFileSync(join(project, page), 'utf8')
const written = pages.filter((page) => !generated.test(page))

/** what stands in backticks or in fences, one piece a line. */
function codeIn(text: string): string[] {
  const fences = [...text.matchAll(/^```\w*\n([\s\S]*?)^```/gm)].flatMap(([, block]) => block!.split('\n'))
  const inline = [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!)
  return [...fences, ...inline].map((line) => line.trim().replace(/^\$ /, ''))
}

/** `lotus WORDS` as it is typed somewhere: words without quotations, and the options. */
const isOption = (part: string): boolean => /^-{1,2}[a-z]/.test(part)

function commandsIn(page: string): { typed: string; name: string; words: string[]; options: string[] }[] {
  return codeIn(textOf(page)).flatMap((typed) => {
    const found = /^(?:(?:\.\/)?(?:scripts\/|[~/][\w/]*\/)?(?:lotus|llmsh)|\.\/start_lotus\.sh) (.+)$/.exec(typed)
    if (!found) return []
    const [command] = found[1]!.replaceAll(/"[^"]*"/g, '').split(/ [|<>] | {2,}| -- /)
    const parts = command!.trim().split(/\s+/)
    // options without a command are those of start
    if (parts[0]!.startsWith('-')) return [{ typed, name: 'start', words: [], options: parts.filter(isOption) }]
    const [name = '', ...words] = parts.filter((part) => !part.startsWith('-'))
    // a word of usage in capitals, such as COMMAND, names no command
    if (!/^[a-z]+$/.test(name)) return []
    return [{ typed, name, words, options: parts.filter(isOption) }]
  })
}

describe('commands in the documentation', () => {
  it('are commands of LOTUS', () => {
    const unknown = written.flatMap((page) =>
      commandsIn(page)
        .filter(({ name }) => findCommandName(name) === undefined)
        .map(({ typed }) => `${page}: ${typed}`),
    )
    expect(unknown).toEqual([])
    expect(commandsIn('README.md').length).toBeGreaterThan(10)
  })

  it('have the options and words that they are shown with', async () => {
    const wrong: string[] = []
    for (const page of written) {
      for (const { typed, name, words, options } of commandsIn(page)) {
        const known = findCommandName(name)
        if (known === undefined) continue
        const command = await loadCommand(known)
        const own = Object.entries(command.options ?? {}).flatMap(([option, { short }]) => [`--${option}`, `-${short}`])
        const common = ['--json', '--help', '-h']
        for (const option of options) {
          if (![...own, ...common].includes(option.replace(/=.*/, ''))) wrong.push(`${page}: ${typed}: ${option}`)
        }
        const named = command.words?.map((word) => word.name) ?? []
        const [first] = words
        // the first word of a command that has words is one of them, unless it is a value
        if (named.length > 0 && first !== undefined && /^[a-z]+$/.test(first) && !named.includes(first))
          wrong.push(`${page}: ${typed}: ${first}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('of npm and node are there', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }
    const missing = written.flatMap((page) =>
      codeIn(textOf(page)).flatMap((line) => {
        const script = /^npm run ([\w-]+)/.exec(line)?.[1]
        const file = /^(?:node|\.\/|npx vitest run) ?((?:scripts|tests)\/[\w./-]+)/.exec(line)?.[1]
        const isThere = file === undefined || existsSync(join(project, file)) || file.startsWith('tests/modules/tally')
        return (script === undefined || script in scripts) && isThere ? [] : [`${page}: ${line}`]
      }),
    )
    expect(missing).toEqual([])
  })

  it('every command has its section in the reference', () => {
    const sections = [...textOf('docs/reference/commands.md').matchAll(/^## (\w+)$/gm)].map(([, name]) => name)
    expect(new Set(sections)).toEqual(new Set(commandNames))
    expect(sections).toHaveLength(commandNames.length)
    expect(Object.values(commandAliases).every((name) => commandNames.includes(name))).toBe(true)
  })
})

describe('links', () => {
  const linksIn = (page: string): string[] =>
    [
      ...textOf(page)
        .replaceAll(/^```[\s\S]*?^```/gm, '')
        .matchAll(/\]\(([^)\s]+)\)/g),
    ].map(([, target]) => target!)

  it('between pages resolve', () => {
    const broken = pages.flatMap((page) =>
      linksIn(page)
        .filter((target) => !/^[a-z]+:/.test(target))
        .filter((target) => !existsSync(join(project, dirname(page), target.replace(/#.*/, ''))))
        .map((target) => `${page}: ${target}`),
    )
    expect(broken).toEqual([])
  })

  it('lead from the index to every page', () => {
    const linked = new Set(
      ['docs/README.md', 'docs/decisions/README.md'].flatMap((page) =>
        linksIn(page).map((target) => normalize(join(dirname(page), target.replace(/#.*/, '')))),
      ),
    )
    const lost = pages.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md' && !linked.has(page))
    expect(lost).toEqual([])
  })

  it('of decisions go by number, each record once', () => {
    const folder = join(project, 'docs/decisions')
    const records = readdirSync(folder).filter((name) => /^\d{4}-.*\.md$/.test(name))
    const listed = linksIn('docs/decisions/README.md').filter((target) => /^\d{4}-/.test(target))
    expect(listed).toEqual(records.sort())
    const numbers = records.map((name) => name.slice(0, 4))
    expect(new Set(numbers).size).toBe(numbers.length)
  })

  it('to a record carry its title', () => {
    const titles = [...textOf('docs/decisions/README.md').matchAll(/^- \[(\d{4})\]\((\S+)\): (.+)$/gm)]
    for (const [, number, file, title] of titles) {
      const [, own] = /^# \d{4}\. (.+)$/m.exec(textOf(`docs/decisions/${file}`))!
      expect(`${number} ${title}`).toBe(`${number} ${own}`)
    }
    expect(titles.length).toBeGreaterThan(0)
  })
})

describe('names in the documentation', () => {
  it('of settings exist', async () => {
    const schemas = { core, ...(await findSchemas(project)) }
    const settings = Object.entries(schemas).flatMap(([owner, schema]) =>
      Object.keys(schema).map((name) => `${owner}.${name}`),
    )
    const owners = Object.keys(schemas).join('|')
    const named = new RegExp(`^(?:${owners})\\.[a-z][a-zA-Z]+$`)
    const isOther = /\.(?:ts|json|md|yaml)$|^(?:memory|operator|reasoning)\.[a-z_]+$/
    const unknown = written.flatMap((page) =>
      codeIn(textOf(page))
        .filter((code) => named.test(code) && !isOther.test(code) && !settings.includes(code))
        .map((code) => `${page}: ${code}`),
    )
    expect(unknown).toEqual([])
  })

  it('of variables exist', async () => {
    const schemas = { core, ...(await findSchemas(project)) }
    const variables: string[] = Object.values(schemas).flatMap((schema) =>
      Object.values(schema).flatMap((setting) =>
        'env' in setting && typeof setting.env === 'string' ? [setting.env] : [],
      ),
    )
    const unknown = written.flatMap((page) =>
      [...textOf(page).matchAll(/\bLOTUS_[A-Z_]+\b/g)]
        .filter(([name]) => !variables.includes(name))
        .map(([name]) => `${page}: ${name}`),
    )
    expect(unknown).toEqual([])
  })

  it('of source files exist', () => {
    const missing = [
      'README.md',
      'docs/architecture.md',
      'docs/operating.md',
      'docs/traces.md',
      'docs/writing-a-module.md',
    ]
      .flatMap((page) =>
        [...textOf(page).matchAll(/`((?:nucleus|modules|scripts|tests|config)\/[\w./-]*)`/g)].map(([, path]) => ({
          page,
          path: path!,
        })),
      )
      .filter(({ path }) => !path.includes('tally') && !/[A-Z]{4}/.test(path))
      .filter(({ path }) => !existsSync(join(project, path)))
    expect(missing).toEqual([])
  })

  it('of files along the way of a goal exist', () => {
    const page = textOf('docs/architecture.md')
    const all = globSync('{nucleus,modules,scripts}/**/*.ts', { cwd: project })
    const named = [...page.matchAll(/`([\w-]+(?:\/[\w-]+)*\.ts)`/g)].map(([, path]) => path!)
    const missing = named.filter(
      (path) => !all.some((file) => file === path || file.endsWith(`/${path}`)) && path !== 'nucleus.ts',
    )
    expect(missing).toEqual([])
    expect(named.length).toBeGreaterThan(30)
  })

  it('of errors exist', () => {
    const codes = new Set([...findErrors().map(({ code }) => code), ...Object.keys(outcomeCodes)])
    const rows = [...textOf('docs/operating.md').matchAll(/^\| ((?:`[A-Z_]+` ?)+)\|/gm)]
    const named = rows.flatMap(([, cell]) => [...cell!.matchAll(/`([A-Z_]+)`/g)].map(([, code]) => code!))
    expect(named.filter((code) => !codes.has(code))).toEqual([])
    expect(named.length).toBeGreaterThan(10)
  })
})

describe('the README', () => {
  const page = textOf('README.md')

  it('says how many kinds of goals there are, within ten', () => {
    const promised = Number(/about (\d+) kinds of goals/.exec(page)?.[1])
    const traces = globSync('modules/reasoning/innate/*/*.yaml', { cwd: project }).length
    expect(Math.abs(promised - traces)).toBeLessThanOrEqual(10)
  })

  it('begins with what a person does, and leaves the tests to developers', () => {
    const section = (name: string): string => page.split(/^## /m).find((part) => part.startsWith(name)) ?? ''
    const start = codeIn(section('Quick start'))
    expect(start).toEqual(expect.arrayContaining(['./start_lotus.sh', 'lotus undo']))
    expect(start).not.toContain('./scripts/test.sh')
    expect(codeIn(section('For developers'))).toContain('./scripts/test.sh')
  })

  it('leads to what there is to remove', () => {
    expect(page).toContain('docs/operating.md#uninstall')
    expect(textOf('docs/operating.md')).toMatch(/^## Uninstall$/m)
  })
})

describe('the words', () => {
  it('name no number of a plan that ships with nobody', () => {
    const found = pages.filter((page) => /\b(?:issue|seed) \d/i.test(textOf(page)))
    expect(found).toEqual([])
  })

  it('name no folder of one machine', () => {
    const found = pages.filter((page) => /(?<![\w.~$}/-])\/(?:work|root)\//.test(textOf(page)))
    expect(found.map((page) => relative(project, page))).toEqual([])
  })
})
