// a LOTUS that was broken on purpose: what doctor finds, and whether its commands mend it.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { createPrivateLotus, project, type PrivateLotus } from '../../support/private-lotus.ts'
import { runCommand, type Ended } from '../../support/run-command.ts'

export interface ShownFinding {
  readonly id: string
  readonly severity: string
  readonly text: string
  readonly fix?: string
  readonly command?: string
  readonly fixable?: boolean
}

export interface Diagnosis {
  readonly code: number
  readonly findings: readonly ShownFinding[]
  readonly mended: readonly { readonly id: string; readonly text: string; readonly ok: boolean }[]
  /** ids of what is neither good nor a note. */
  readonly ill: readonly string[]
  find(id: string): ShownFinding | undefined
}

export interface Patient {
  readonly own: PrivateLotus
  examine(options?: Readonly<Record<string, string>>, words?: readonly string[]): Promise<Diagnosis>
  /** runs a command line as a person would, in a shell that has `lotus` on its PATH. */
  shell(command: string): Promise<Ended>
  /** runs the command of a finding. @throws where there is none, or it ends with another code than 0 */
  cure(finding: ShownFinding | undefined): Promise<void>
  /** a program that stands in for one that needs a real machine, such as sudo. */
  addProgram(name: string, script: string): void
  dispose(): Promise<void>
}

const limitMs = 90_000

/** nothing is started and nothing is there but the folders of a start that has ended. */
export function createPatient(extra: Readonly<Record<string, string>> = {}): Patient {
  const own = createPrivateLotus(extra)
  const bin = join(own.base, 'bin')
  mkdirSync(bin)
  own.environment['PATH'] = [bin, join(project, 'scripts'), own.environment['PATH']].join(delimiter)
  const addProgram = (name: string, script: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  // who runs the tests may not have sudo; what follows it is run as it is
  addProgram('sudo', 'exec "$@"')
  const shell = async (command: string): Promise<Ended> =>
    await runCommand(['sh', '-c', command], { cwd: own.base, environment: own.environment, timeoutMs: limitMs })
  return {
    own,
    addProgram,
    shell,
    async examine(environment = {}, words = []) {
      const ended = await own.lotus(['doctor', '--json', ...words], { environment, timeoutMs: limitMs })
      const read = JSON.parse(ended.stdout) as Pick<Diagnosis, 'findings'> & Partial<Pick<Diagnosis, 'mended'>>
      return {
        code: ended.code,
        findings: read.findings,
        mended: read.mended ?? [],
        ill: read.findings.filter(({ severity }) => severity === 'bad' || severity === 'warning').map(({ id }) => id),
        find: (id) => read.findings.find((finding) => finding.id === id && finding.severity !== 'good'),
      }
    },
    async cure(finding) {
      if (finding?.command === undefined) throw new Error(`no command: ${JSON.stringify(finding)}`)
      const ended = await shell(finding.command)
      if (ended.code !== 0)
        throw new Error(`${finding.command} ended with ${ended.code}: ${ended.stdout}${ended.stderr}`)
    },
    dispose: () => own.dispose(),
  }
}
