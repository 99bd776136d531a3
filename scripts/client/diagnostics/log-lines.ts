// lines of the log as they may leave the machine: named fields only, and messages without what they quote.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { Cleaner } from './clean.ts'

const state = /^[a-z_]{1,30}$/
const code = /^[A-Z][A-Z0-9_]{1,60}$/
/** fields whose values are words of LOTUS itself, with what these look like. */
const plainFields: Readonly<Record<string, RegExp>> = {
  level: state,
  time: /^[\d:.TZ+-]{10,40}$/,
  module: /^[a-z][a-z0-9-]{0,39}$/,
  trace_id: /^[0-9a-f]{32}$/,
  status: state,
  mode: state,
  from: state,
  to: state,
  code,
}
const tailBytes = 512 * 1024

/** the last lines of a file, from the first whole one on. */
export function readTail(path: string): string[] {
  let descriptor: number
  try {
    descriptor = openSync(path, 'r')
  } catch {
    // no log yet
    return []
  }
  try {
    const { size } = fstatSync(descriptor)
    const from = Math.max(0, size - tailBytes)
    const bytes = Buffer.alloc(size - from)
    readSync(descriptor, bytes, 0, bytes.length, from)
    const lines = bytes.toString('utf8').split('\n')
    return (from > 0 ? lines.slice(1) : lines).filter((line) => line !== '')
  } finally {
    closeSync(descriptor)
  }
}

export function cleanLine(line: string, cleaner: Cleaner): string | undefined {
  let fields: Record<string, unknown>
  try {
    fields = JSON.parse(line) as Record<string, unknown>
  } catch {
    // no line of the log: nothing of it is known to be harmless
    return undefined
  }
  const kept: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'number' || typeof value === 'boolean') kept[name] = value
    else if (typeof value === 'string' && plainFields[name]?.test(value) === true) kept[name] = value
  }
  if (typeof fields['msg'] === 'string') kept['msg'] = cleaner.sentence(fields['msg'])
  const error = fields['err'] ?? fields['error']
  if (typeof error === 'object' && error !== null) kept['err'] = cleanError(error as Record<string, unknown>, cleaner)
  return JSON.stringify(kept)
}

/** its code and where it came from; its message may quote anything. */
function cleanError(error: Record<string, unknown>, cleaner: Cleaner): Record<string, unknown> {
  const stack = typeof error['stack'] === 'string' ? error['stack'] : ''
  const frames = stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12)
    .map((line) => line.trim().replace(/(?:file:\/\/)?(\/[^\s:)]+)/, (_match, path: string) => cleaner.path(path)))
  const text = (name: string, shape: RegExp): string | undefined => {
    const value = error[name]
    return typeof value === 'string' && shape.test(value) ? value : undefined
  }
  return { code: text('code', code), type: text('type', /^[A-Za-z]{1,40}$/), frames }
}
