// lotus disk: what takes room below LOTUS_HOME, what its limits are, and removing what its person names.
import { readWord, refuseWords } from '../client/arguments.ts'
import { readSettings } from '../client/checks/settings.ts'
import { defineCommand } from '../client/command.ts'
import type { CommandCall } from '../client/command.ts'
import { askYes } from '../client/confirm.ts'
import { measureDisk } from '../client/disk/parts.ts'
import type { DiskPart, DiskReport } from '../client/disk/parts.ts'
import { purgeable } from '../client/disk/purge.ts'
import type { Purged } from '../client/disk/purge.ts'
import { clientErrors } from '../client/errors.ts'
import { escapeLine, jsonLine } from '../client/escape.ts'
import { exitCodes } from '../client/exit-codes.ts'
import { formatDuration, formatSize, formatTime, parseDuration } from '../client/format.ts'
import { columns } from '../client/terminal.ts'

const questionMs = 120_000

function timeOf(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString()
}

function partToJson(part: DiskPart): Record<string, unknown> {
  return {
    what: part.what,
    path: part.path,
    bytes: part.bytes,
    count: part.count,
    unit: part.unit,
    limit_bytes: part.limitBytes,
    limit_count: part.limitCount,
    limit_age_ms: part.limitAgeMs,
    oldest_at: timeOf(part.oldestMs),
    next_removal_at: timeOf(part.nextRemovalMs),
    rule: part.rule,
    over: part.over,
  }
}

function limitOf({ limitBytes, limitCount, limitAgeMs, unit }: DiskPart): string {
  const limits = [
    limitBytes === undefined ? [] : [formatSize(limitBytes)],
    limitCount === undefined ? [] : [`${limitCount} ${unit}`],
    limitAgeMs === undefined ? [] : [formatDuration(limitAgeMs)],
  ].flat()
  return limits.length === 0 ? '–' : limits.join(', ')
}

function render({ home, parts, totalBytes, freeBytes }: DiskReport, call: CommandCall): string {
  const { style } = call.terminal
  const rows = parts.map((part) => [
    part.what,
    formatSize(part.bytes),
    part.count === undefined ? '–' : `${part.count} ${part.unit}`,
    limitOf(part),
    part.nextRemovalMs === undefined ? '–' : formatTime(new Date(part.nextRemovalMs).toISOString()).slice(0, 16),
  ])
  const rules = parts.map(({ what, rule, over }) => {
    const line = `${what.padEnd(10)}${rule}`
    return over === undefined
      ? style.dim(escapeLine(line))
      : `${style.dim(escapeLine(line))}\n${style.yellow(`${' '.repeat(10)}${escapeLine(over)}`)}`
  })
  return [
    columns([['what', 'takes', 'holds', 'limits', 'next removal'], ...rows]),
    '',
    `${formatSize(totalBytes)} in ${escapeLine(home)}, ${formatSize(freeBytes)} free on its disk`,
    '',
    ...rules,
  ].join('\n')
}

async function show(call: CommandCall): Promise<number> {
  const settings = await readSettings(call.place)
  if (settings === undefined)
    throw clientErrors.USAGE({ detail: 'the settings can’t be used', fix: 'run `lotus config check`' })
  const report = measureDisk(call.place.home, settings)
  if (!call.json) call.terminal.print(render(report, call))
  else {
    const { home, parts, totalBytes, freeBytes } = report
    call.terminal.print(
      jsonLine({ home, parts: parts.map(partToJson), total_bytes: totalBytes, free_bytes: freeBytes }),
    )
  }
  return exitCodes.completed
}

function describe({ count, unit, bytes }: Purged): string {
  return `${count} ${unit}${bytes === undefined ? '' : `, ${formatSize(bytes)}`}`
}

function readAge(value: string | boolean | undefined): number {
  if (value === undefined) return 0
  const age = parseDuration(String(value))
  if (age !== undefined) return age
  throw clientErrors.USAGE({ value, detail: '--older-than takes an age', fix: 'such as 12h, 7d or 4w' })
}

async function purge(what: string | undefined, call: CommandCall): Promise<number> {
  const { terminal, json, place, options } = call
  const kind = what === undefined ? undefined : Object.hasOwn(purgeable, what) ? purgeable[what] : undefined
  if (kind === undefined) {
    throw clientErrors.USAGE({
      ...(what === undefined ? {} : { value: what }),
      detail: `lotus disk purge takes one of ${Object.keys(purgeable).join(', ')}`,
      fix: '`lotus disk` says what each holds',
    })
  }
  const olderThanMs = readAge(options['older-than'])
  const found = await kind.run(place, terminal, { olderThanMs, dryRun: true })
  const tell = (fields: Record<string, unknown>, text: string): void =>
    terminal.print(json ? jsonLine({ what, older_than_ms: olderThanMs, ...fields }) : escapeLine(text))
  const counts = { count: found.count, unit: found.unit, ...(found.bytes === undefined ? {} : { bytes: found.bytes }) }
  if (found.count === 0) {
    tell({ ...counts, removed: false }, `nothing of ${what} is to be removed`)
    return exitCodes.completed
  }
  if (options['dry-run'] === true) {
    tell({ ...counts, removed: false }, `would remove from ${what}: ${describe(found)}; ${kind.meaning}`)
    return exitCodes.completed
  }
  if (options['yes'] !== true && !(await isWanted(what!, found, kind.meaning, call))) {
    tell({ ...counts, removed: false }, `nothing was removed; \`--yes\` removes from ${what}: ${describe(found)}`)
    return exitCodes.needsConfirmation
  }
  const removed = await kind.run(place, terminal, { olderThanMs, dryRun: false })
  const { count, unit, bytes } = removed
  tell(
    { count, unit, ...(bytes === undefined ? {} : { bytes }), removed: true },
    `removed from ${what}: ${describe(removed)}`,
  )
  return exitCodes.completed
}

async function isWanted(what: string, found: Purged, meaning: string, { terminal }: CommandCall): Promise<boolean> {
  if (!terminal.canAsk) return false
  terminal.note(escapeLine(`this removes from ${what}: ${describe(found)}; ${meaning}`))
  return (await askYes('remove it?', AbortSignal.timeout(questionMs))) === true
}

export const command = defineCommand({
  name: 'disk',
  summary: 'shows what takes room and its limits, and removes what you name',
  usage: ['disk [show] [--json]', 'disk purge WHAT [--older-than AGE] [--dry-run] [--yes] [--json]'],
  description: `Everything that LOTUS keeps has a limit by age and size, shown with the moment when the oldest of it
goes by itself. What a person removed or replaced is kept for a day at least, however much it is
(operator.undoMinAge). \`purge\` removes earlier what you name, one of trash, undo, runs, journal, logs,
cache and damaged: it says what that means, and asks. Notes, reminders, the workspace and the audit
chain are never removed by it.`,
  words: [
    { name: 'show', doc: 'what takes how much; the same as no word' },
    { name: 'purge', doc: 'removes what you name, after it has asked' },
  ],
  options: {
    'older-than': { type: 'string', value: 'AGE', doc: 'only what is older, such as 12h, 7d or 4w; without it, all' },
    'dry-run': { type: 'boolean', doc: 'only says what would be removed' },
    yes: { type: 'boolean', short: 'y', doc: 'answers the question' },
  },
  examples: [
    { command: 'lotus disk', doc: 'what takes the room?' },
    { command: 'lotus disk purge trash --older-than 7d', doc: 'what was deleted a week ago is gone for good' },
  ],
  async run(call) {
    const word = readWord(command, call.words[0], 'show')
    refuseWords(command, call.words, word === 'purge' ? 2 : 1)
    return word === 'purge' ? await purge(call.words[1], call) : await show(call)
  },
})
