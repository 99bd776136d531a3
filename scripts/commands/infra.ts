// lotus infra: Postgres, Redis and ChromaDB under LOTUS: sets them up, proves them, moves what is kept here to them.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { MovedPart, MoveProgress, MoveReport } from '../../nucleus/infrastructure/move/report.ts'
import { readWord, refuseWords } from '../client/arguments.ts'
import { defineCommand, type CommandCall } from '../client/command.ts'
import { clientErrors } from '../client/errors.ts'
import { escapeLine, jsonLine } from '../client/escape.ts'
import { exitCodes } from '../client/exit-codes.ts'
import { checkServer } from '../client/infra/check.ts'
import { readServerUrls, serverNames, titles, variables } from '../client/infra/servers.ts'
import type { ServerLook, ServerName } from '../client/infra/servers.ts'
import { findHolder } from '../client/nucleus.ts'
import { columns, type Style } from '../client/terminal.ts'

function readServer(word: string | undefined): ServerName | undefined {
  if (word === undefined) return undefined
  const found = serverNames.find((name) => name === word)
  if (found !== undefined) return found
  throw clientErrors.USAGE({ value: word, detail: `a server is one of ${serverNames.join(', ')}` })
}

function renderLook(look: ServerLook, style: Style): string {
  const title = titles[look.server].padEnd(9)
  if (look.status === 'not_configured') return `${style.dim('none ')} ${title} ${variables[look.server]} is not set`
  if (look.problem !== undefined) {
    return `${style.red('fails')} ${title} ${escapeLine(look.problem.message)}\n      ${escapeLine(look.problem.fix)}`
  }
  const { findings } = look
  const first = `${style.green('works')} ${title} ${findings?.version} at ${look.address}: ${findings?.did}`
  const warnings = findings?.warnings ?? []
  return [first, ...warnings.map(({ text, fix }) => `${style.yellow(' less')} ${text}\n      ${fix}`)].join('\n')
}

function lookAsJson({ server, status, address, findings, problem }: ServerLook): Record<string, unknown> {
  return { server, status, ...(address === undefined ? {} : { address }), ...findings, ...(problem && { problem }) }
}

async function check({ words, terminal, json, place }: CommandCall): Promise<number> {
  refuseWords(command, words, 2)
  const only = readServer(words[1])
  const urls = await readServerUrls(place)
  const names = only === undefined ? serverNames : [only]
  const looks = await Promise.all(names.map((name) => checkServer(name, urls[name])))
  if (json) terminal.print(jsonLine({ servers: looks.map(lookAsJson) }))
  else for (const look of looks) terminal.print(renderLook(look, terminal.style))
  const isMissing = only !== undefined && looks[0]?.status === 'not_configured'
  return isMissing || looks.some(({ status }) => status === 'fails') ? exitCodes.failed : exitCodes.completed
}

async function setup({ words, options, terminal, json, place }: CommandCall): Promise<number> {
  refuseWords(command, words, 2)
  const server = readServer(words[1])
  if (server === undefined) {
    throw clientErrors.USAGE({ detail: `which one? lotus infra setup ${serverNames.join('|')}` })
  }
  const { saveUrl, setUpServer } = await import('../client/infra/setup.ts')
  const url = (await readServerUrls(place))[server]
  const text = (name: string): string | undefined => (typeof options[name] === 'string' ? options[name] : undefined)
  const adminUrl = text('admin')
  const result = await setUpServer({
    server,
    url,
    role: text('role') ?? 'lotus',
    database: text('database') ?? 'lotus',
    ...(adminUrl === undefined ? {} : { adminUrl }),
  })
  const { look, made, toDo } = result
  const works = look.status === 'works'
  const isSaved = works && options['save'] === true && url === ''
  if (isSaved) {
    mkdirSync(place.home, { recursive: true, mode: 0o700 })
    saveUrl(place, server, result.url)
  }
  const setting = `${variables[server]}=${result.url}`
  if (json) {
    terminal.print(jsonLine({ ...lookAsJson(look), made, to_do: toDo, setting, saved: isSaved }))
    return works ? exitCodes.completed : exitCodes.failed
  }
  for (const one of made) terminal.print(`made ${escapeLine(one)}`)
  terminal.print(renderLook(look, terminal.style))
  if (toDo.length > 0) terminal.print(`\ntype this:\n${toDo.map((line) => `  ${escapeLine(line)}`).join('\n')}`)
  if (url !== '') return works ? exitCodes.completed : exitCodes.failed
  const file = join(place.home, '.env')
  terminal.print(
    isSaved ? `\nkept in ${escapeLine(file)}` : `\nthen put into ${escapeLine(file)}:\n  ${escapeLine(setting)}`,
  )
  if (isSaved) terminal.print('`lotus restart` uses it; `lotus infra migrate` moves what is kept here')
  return works ? exitCodes.completed : exitCodes.failed
}

function renderReport({ from, to, parts }: MoveReport, style: Style): string {
  const row = ({ name, rows, same, differing, merged, sourceChecksum, targetChecksum }: MovedPart): string[] => [
    name,
    `${rows} here`,
    `${same} the same there`,
    differing + merged === 0 ? '' : `${differing + merged} kept as they are there`,
    `${sourceChecksum.slice(0, 12)} ${sourceChecksum === targetChecksum ? '=' : '≠'} ${targetChecksum.slice(0, 12)}`,
  ]
  const head = `${style.green('moved')} ${escapeLine(from)} to ${escapeLine(to)}; the source is untouched`
  return parts.length === 0 ? `${head}: nothing was in it` : `${head}\n${columns(parts.map(row), '  ')}`
}

function reportAsJson({ from, to, parts }: MoveReport): Record<string, unknown> {
  return {
    from,
    to,
    parts: parts.map(({ sourceChecksum, targetChecksum, ...counts }) => ({
      ...counts,
      source_checksum: sourceChecksum,
      target_checksum: targetChecksum,
    })),
  }
}

async function migrate({ words, options, terminal, json, place }: CommandCall): Promise<number> {
  refuseWords(command, words, 2)
  const what = words[1]
  if (what !== undefined && what !== 'store' && what !== 'vectors') {
    throw clientErrors.USAGE({ value: what, detail: 'what can be moved is store or vectors' })
  }
  const urls = await readServerUrls(place)
  const folder = join(place.home, 'data')
  const { countStore } = await import('../../nucleus/infrastructure/move/store.ts')
  const { countVectors } = await import('../../nucleus/infrastructure/move/vectors.ts')
  const jobs = [
    { part: 'store', server: 'postgres', here: countStore(folder) },
    { part: 'vectors', server: 'chroma', here: countVectors(folder) },
  ] as const
  const chosen = jobs.filter(({ part, server }) => (what === undefined ? urls[server] !== '' : part === what))
  for (const { server } of chosen) {
    if (urls[server] === '')
      throw clientErrors.USAGE({
        detail: `${variables[server]} is not set`,
        fix: `\`lotus infra setup ${server}\` says how`,
      })
  }
  if (chosen.length === 0) {
    throw clientErrors.USAGE({
      detail: `neither ${variables.postgres} nor ${variables.chroma} is set`,
      fix: '`lotus infra setup postgres` or `chroma` says how',
    })
  }
  if (options['dry-run'] === true) {
    if (json) terminal.print(jsonLine({ would_move: chosen.map(({ part, here }) => ({ part, parts: here })) }))
    for (const { part, here } of json ? [] : chosen) {
      const rows = here.map(({ name, rows: number }) => [`  ${name}`, `${number}`])
      terminal.print(rows.length === 0 ? `${part}: nothing is kept here` : `${part}:\n${columns(rows)}`)
    }
    return exitCodes.completed
  }
  if (findHolder(place) !== undefined) throw clientErrors.STILL_RUNNING()
  const reports: MoveReport[] = []
  const onProgress = ({ phase, name, done, total }: MoveProgress): void => {
    if (!json && done === total)
      terminal.note(`${phase === 'copy' ? 'copied' : 'compared'} ${escapeLine(name)}: ${total}`)
  }
  for (const { part, server, here } of chosen) {
    if (here.length === 0) continue
    const { moveStore } = await import('../../nucleus/infrastructure/move/store.ts')
    const { moveVectors } = await import('../../nucleus/infrastructure/move/vectors.ts')
    const job = { folder, url: urls[server], onProgress }
    const report = part === 'store' ? await moveStore(job) : await moveVectors({ ...job, log: await silentLog() })
    reports.push(report)
    if (!json) terminal.print(renderReport(report, terminal.style))
  }
  if (json) terminal.print(jsonLine({ moved: reports.map(reportAsJson) }))
  else if (reports.length === 0) terminal.print('nothing is kept here that could be moved')
  return exitCodes.completed
}

async function silentLog(): Promise<Logger> {
  const { default: pino } = await import('pino')
  return pino({ level: 'silent' })
}

export const command = defineCommand({
  name: 'infra',
  summary: 'sets up, proves and fills the servers that LOTUS can stand on',
  usage: [
    'infra check [postgres|redis|chroma] [--json]',
    'infra setup postgres [--admin URL] [--role NAME] [--database NAME] [--save] [--json]',
    'infra setup redis|chroma [--save] [--json]',
    'infra migrate [store|vectors] [--dry-run] [--json]',
  ],
  description: `LOTUS needs no server. Where LOTUS_POSTGRES_URL, LOTUS_REDIS_URL or LOTUS_CHROMA_URL names one, it is used.
\`check\` does there what LOTUS does, leaves nothing behind, and ends with 1 where one fails. \`setup\` makes
role and database with the role of --admin, or says what to type. \`migrate\` moves store.db to Postgres
and vectors.db to ChromaDB while LOTUS is stopped: what was interrupted goes on, every row is compared
at the end, and the files here stay as they are. See docs/infrastructure.md.`,
  words: [
    { name: 'check', doc: 'proves each configured server by real work; the same as no word' },
    { name: 'setup', doc: 'makes what a server needs to have, or says what to type' },
    { name: 'migrate', doc: 'moves what is kept on this machine to the servers' },
  ],
  options: {
    admin: { type: 'string', value: 'URL', doc: 'a role of Postgres that may make roles and databases' },
    role: { type: 'string', value: 'NAME', doc: 'how the role is called that is made; lotus if you say nothing' },
    database: { type: 'string', value: 'NAME', doc: 'how the database is called; lotus if you say nothing' },
    save: { type: 'boolean', doc: 'puts the address that works into LOTUS_HOME/.env' },
    'dry-run': { type: 'boolean', doc: 'only says what would be moved' },
  },
  examples: [
    { command: 'lotus infra check', doc: 'do all servers do their work?' },
    {
      command: 'lotus infra setup postgres --admin postgres://postgres:secret@127.0.0.1/postgres --save',
      doc: 'role and database, and the setting',
    },
    { command: 'lotus infra migrate --dry-run', doc: 'what would be moved?' },
  ],
  async run(call) {
    const word = readWord(command, call.words[0], 'check')
    if (word === 'setup') return await setup(call)
    return word === 'migrate' ? await migrate(call) : await check(call)
  },
})
