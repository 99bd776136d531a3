// lotus doctor: looks for what is wrong with this installation, and with --fix mends what is safe to; needs no LOTUS that runs.
import { refuseWords } from '../client/arguments.ts'
import { examine, mendAll } from '../client/checks/all.ts'
import type { Mended } from '../client/checks/all.ts'
import type { Finding, Severity } from '../client/checks/check.ts'
import { defineCommand } from '../client/command.ts'
import { escapeLine, jsonLine } from '../client/escape.ts'
import { exitCodes } from '../client/exit-codes.ts'
import type { Style } from '../client/terminal.ts'

const indent = ' '.repeat(27)

function renderFinding({ id, severity, text, fix }: Finding, style: Style): string {
  const mark = {
    good: style.green('ok  '),
    note: style.dim('note'),
    warning: style.yellow('warn'),
    bad: style.red('bad '),
  }[severity]
  const line = `${mark}  ${escapeLine(id).padEnd(21)}${escapeLine(text)}`
  return fix === undefined ? line : `${line}\n${indent}${style.dim(escapeLine(fix))}`
}

function renderMended({ id, text, ok }: Mended, style: Style): string {
  return `${ok ? style.green('done') : style.red('not ')}  ${escapeLine(id).padEnd(21)}${escapeLine(text)}`
}

/** as programs see it: what `--fix` would do is a flag, not a function. */
function toJson({ id, severity, text, fix, command, mend }: Finding): Record<string, unknown> {
  return {
    id,
    severity,
    text,
    ...(fix === undefined ? {} : { fix }),
    ...(command === undefined ? {} : { command }),
    ...(fix === undefined ? {} : { fixable: mend !== undefined }),
  }
}

export const command = defineCommand({
  name: 'doctor',
  summary: 'looks for what is wrong with this installation',
  usage: ['doctor [--fix] [--json]'],
  description: `Looks at Node and the packages, the settings, LOTUS_HOME with its modes, its disk and the clock, the
token, the port, what runs and whether it answers, the databases, the journal, the audit chain, servers,
models, the systemd unit, and the layers that a sandbox needs. Each finding comes with what to do about
it: *bad* keeps LOTUS from working, *warn* means that it works with less, *note* is a fact to know. Ends
with 1 where something is bad. All findings are in docs/doctor.md.`,
  options: {
    fix: {
      type: 'boolean',
      doc: 'mends what is safe to mend: modes, stale files, missing folders, a damaged index of notes',
    },
  },
  examples: [
    { command: 'lotus doctor', doc: 'when something does not work' },
    { command: 'lotus doctor --fix', doc: 'and mend what can be mended without losing anything' },
  ],
  async run({ words, options, terminal, json, place }) {
    refuseWords(command, words, 0)
    const found = await examine(place)
    const mended = options['fix'] === true ? await mendAll(found) : []
    // what was mended may have been in the way of something else
    const findings = mended.length === 0 ? found : await examine(place)
    const count = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length
    if (json) {
      const counts = { bad: count('bad'), warnings: count('warning'), notes: count('note') }
      const done = options['fix'] === true ? { mended } : {}
      terminal.print(jsonLine({ findings: findings.map(toJson), ...done, ...counts }))
    } else {
      for (const one of mended) terminal.print(renderMended(one, terminal.style))
      if (mended.length > 0) terminal.print('')
      for (const finding of findings) terminal.print(renderFinding(finding, terminal.style))
      const hindrances = count('bad') === 1 ? 'one thing keeps' : `${count('bad')} things keep`
      terminal.print(`\n${count('bad') === 0 ? 'nothing keeps' : hindrances} LOTUS from working`)
      const fixable = findings.filter(({ mend }) => mend !== undefined).length
      if (fixable > 0) terminal.print(`\`lotus doctor --fix\` mends ${fixable === 1 ? 'one' : fixable} of these`)
    }
    return count('bad') === 0 ? exitCodes.completed : exitCodes.failed
  },
})
