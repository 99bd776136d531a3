// making, grading and testing a module: `lotus module new`, `check` and `test`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { setTimeout as pause } from 'node:timers/promises'
import { writeNewModule } from '../../../nucleus/modules/kit/template.ts'
import { moduleFolders, moduleNames, unknownModule } from '../../../nucleus/modules/names.ts'
import type { CommandCall } from '../command.ts'
import { clientErrors } from '../errors.ts'
import { escapeLine, jsonLine } from '../escape.ts'
import { exitCodes } from '../exit-codes.ts'
import { listOf, textOf, type Fields } from '../fields.ts'
import { faultOf, type Client } from '../http.ts'
import { openClient } from '../session.ts'
import { columns, type Style } from '../terminal.ts'

// some reloads, each with a process of its own where the module has one.
const checkLimitMs = 180_000
const loadLimitMs = 60_000
const busyMs = 100

/** writes a module; where LOTUS finds it, it is loaded at once. */
export async function createModule(call: CommandCall, name: string): Promise<number> {
  const { place, options, terminal, json } = call
  const parent = typeof options['folder'] === 'string' ? resolve(options['folder']) : undefined
  const { folder, files } = await writeNewModule({
    name,
    root: place.root,
    home: place.home,
    ...(parent === undefined ? {} : { parent }),
  })
  const isFound = parent === undefined || moduleFolders(place.root, place.home).includes(parent)
  const module = isFound ? await loadNow((await openClient(place, terminal)).client, name) : undefined
  if (json) terminal.print(jsonLine({ name, folder, files, module: module ?? null }))
  else {
    const state = module === undefined ? '' : `, and is ${textOf(module, 'status')}`
    terminal.print(escapeLine(`${name} is written to ${folder}${state}`))
    terminal.print(files.map((file) => `  ${escapeLine(file)}`).join('\n'))
    if (module !== undefined) terminal.print(`\nnext: lotus module test ${name}, lotus module check ${name}`)
  }
  return exitCodes.completed
}

/** loads what was just written; under `--watch` the nucleus may do that by itself at this moment. */
export async function loadNow(client: Client, name: string, change: 'load' | 'reload' = 'load'): Promise<Fields> {
  const end = performance.now() + loadLimitMs
  for (;;) {
    const path = `/modules/${name}/${change}`
    const { status, body } = await client.probe({ method: 'POST', path, body: {}, timeoutMs: loadLimitMs })
    if (status < 300) return body
    const fault = faultOf(body)
    if (fault.code === 'MODULE_ALREADY_LOADED') {
      const modules = listOf(await client.request({ path: '/modules' }), 'modules')
      return modules.find((module) => textOf(module, 'name') === name) ?? {}
    }
    // a version that could not be used before is not known yet
    if (fault.code === 'MODULE_UNKNOWN' && change === 'reload') return await loadNow(client, name)
    if (fault.code !== 'MODULE_BUSY' || performance.now() > end) throw fault
    await pause(busyMs)
  }
}

function renderFindings(findings: readonly Fields[], style: Style): string {
  const paint: Readonly<Record<string, (text: string) => string>> = {
    good: style.green,
    warning: style.yellow,
    bad: style.red,
  }
  const rows = findings.map((one) => [textOf(one, 'status'), textOf(one, 'part'), textOf(one, 'message')])
  return columns(rows)
    .split('\n')
    .flatMap((line, index) => {
      const finding = findings[index] ?? {}
      const fix = textOf(finding, 'fix')
      const painted = paint[textOf(finding, 'status')]?.(line) ?? style.dim(line)
      return fix === '' ? [painted] : [painted, `         ${escapeLine(fix)}`]
    })
    .join('\n')
}

/** grades a module; ends with 1 where something must be mended. */
export async function checkModule({ terminal, json, place }: CommandCall, name: string): Promise<number> {
  const { client } = await openClient(place, terminal)
  const path = `/modules/${encodeURIComponent(name)}/check`
  const { status, body } = await client.probe({ method: 'POST', path, body: {}, timeoutMs: checkLimitMs })
  if (status >= 300) throw faultOf(body)
  if (json) terminal.print(jsonLine(body))
  else {
    terminal.print(renderFindings(listOf(body, 'findings'), terminal.style))
    terminal.print(`\n${escapeLine(name)} is ${textOf(body, 'grade')}`)
  }
  return textOf(body, 'grade') === 'poor' ? exitCodes.failed : exitCodes.completed
}

/** runs the tests that lie in the module's folder, here and as the person who asks. */
export async function testModule({ terminal, json, place }: CommandCall, name: string): Promise<number> {
  const folders = moduleFolders(place.root, place.home)
  const names = moduleNames(folders)
  if (!names.includes(name)) throw unknownModule(name, names)
  const folder = folders.map((one) => join(one, name)).find((one) => existsSync(one))!
  const files = readdirSync(folder).filter((file) => file.endsWith('.test.ts'))
  if (files.length === 0) {
    throw clientErrors.NOT_FOUND({
      value: `${folder}/*.test.ts`,
      fix: `write ${name}.test.ts; \`lotus module new\` shows how one looks`,
    })
  }
  const hook = pathToFileURL(join(place.root, 'nucleus/modules/kit/test-hook.ts')).href
  const results: { file: string; passed: boolean }[] = []
  for (const file of files) {
    const child = spawn(process.execPath, ['--import', hook, join(folder, file)], {
      cwd: dirname(folder),
      stdio: ['ignore', json ? 2 : 'inherit', 'inherit'],
    })
    const [code] = (await once(child, 'exit')) as [number | null]
    results.push({ file, passed: code === 0 })
  }
  if (json) terminal.print(jsonLine({ name, tests: results }))
  return results.every(({ passed }) => passed) ? exitCodes.completed : exitCodes.failed
}
