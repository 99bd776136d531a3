// lotus doctor: looks for what is wrong with this installation; changes nothing and needs no LOTUS that runs.
import { toErrorData } from '../../nucleus/errors.ts'
import { refuseWords } from '../client/arguments.ts'
import { bad } from '../client/checks/check.ts'
import type { Check, Finding } from '../client/checks/check.ts'
import { checkNode, checkPackages, checkSandbox } from '../client/checks/machine.ts'
import { checkNucleus, checkOsd, checkPort } from '../client/checks/running.ts'
import { checkAudit, checkDatabases, checkDisk, checkHome, checkSettings, checkToken } from '../client/checks/state.ts'
import { defineCommand } from '../client/command.ts'
import { escapeLine, jsonLine } from '../client/escape.ts'
import { exitCodes } from '../client/exit-codes.ts'
import type { Place } from '../client/place.ts'
import type { Style } from '../client/terminal.ts'

const checks: Readonly<Record<string, Check>> = {
  node: checkNode,
  packages: checkPackages,
  settings: checkSettings,
  home: checkHome,
  disk: checkDisk,
  token: checkToken,
  port: checkPort,
  nucleus: checkNucleus,
  'lotus-osd': checkOsd,
  databases: checkDatabases,
  audit: checkAudit,
  sandbox: checkSandbox,
}

async function examine(place: Place): Promise<readonly Finding[]> {
  const look = async ([subject, check]: [string, Check]): Promise<readonly Finding[]> => {
    try {
      return await check(place)
    } catch (error) {
      // a check that itself fails found something, if not what it looked for.
      return [bad(subject, `could not be looked at: ${toErrorData(error).message}`, 'report this')]
    }
  }
  return (await Promise.all(Object.entries(checks).map(look))).flat()
}

function renderFinding({ status, subject, text, fix }: Finding, style: Style): string {
  const mark = { good: style.green('ok  '), warning: style.yellow('less'), bad: style.red('bad ') }[status]
  const line = `${mark}  ${escapeLine(subject).padEnd(16)}${escapeLine(text)}`
  return fix === undefined ? line : `${line}\n${' '.repeat(22)}${style.dim(escapeLine(fix))}`
}

export const command = defineCommand({
  name: 'doctor',
  summary: 'looks for what is wrong with this installation',
  usage: ['doctor [--json]'],
  description: `Looks at Node and the packages, the settings, LOTUS_HOME and its disk, the token, the port, what runs and
whether it answers, the databases, the audit chain, and the layers that a sandbox needs. Each finding
comes with what to do about it: *bad* keeps LOTUS from working, *less* means that it works with less.
Ends with 1 where something is bad.`,
  examples: [{ command: 'lotus doctor', doc: 'when something does not work' }],
  async run({ words, terminal, json, place }) {
    refuseWords(command, words, 0)
    const findings = await examine(place)
    const count = (status: Finding['status']): number => findings.filter((finding) => finding.status === status).length
    if (json) terminal.print(jsonLine({ findings, bad: count('bad'), warnings: count('warning') }))
    else {
      for (const finding of findings) terminal.print(renderFinding(finding, terminal.style))
      const hindrances = count('bad') === 1 ? 'one thing keeps' : `${count('bad')} things keep`
      terminal.print(`\n${count('bad') === 0 ? 'nothing keeps' : hindrances} LOTUS from working`)
    }
    return count('bad') === 0 ? exitCodes.completed : exitCodes.failed
  },
})
