// learns what the code of a module defines without letting it into the process that asks: a confined process imports it.
import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { moduleErrors } from '../errors.ts'
import type { FoundModule } from '../manifest.ts'
import { confine } from '../process/confinement.ts'

const limitMs = 20_000
const maxBytes = 1024 * 1024

const definitions = z.object({
  contract: z.object({
    events: z.array(z.string()),
    services: z.array(z.string()),
    many: z.array(z.string()),
  }),
  settings: z.record(z.string(), z.unknown()),
})

export type Definitions = z.output<typeof definitions>

/** @throws MODULE_DEFINITIONS_UNREADABLE */
export async function inspect({ folder, manifest }: FoundModule, root: string): Promise<Definitions> {
  const environment = { PATH: '/usr/bin:/bin', HOME: '/tmp' }
  const permissions = { network: false, read: [], write: [], processes: [] }
  const { command } = await confine({ permissions, root, folder, environment })
  const entry = join(import.meta.dirname, 'read-definitions.ts')
  // what confines comes first, where the machine has it
  const whole = [...command, process.execPath, entry, folder, root]
  try {
    const { stdout } = await promisify(execFile)(whole[0]!, whole.slice(1), {
      cwd: '/',
      env: environment,
      timeout: limitMs,
      killSignal: 'SIGKILL',
      maxBuffer: maxBytes,
    })
    return definitions.parse(JSON.parse(stdout))
  } catch (error) {
    throw moduleErrors.MODULE_DEFINITIONS_UNREADABLE({
      value: manifest.name,
      detail: reasonOf(error, dirname(folder)),
      cause: error,
    })
  }
}

/** the line that says what is wrong, out of what node prints around it. */
function reasonOf(error: unknown, beside: string): string {
  const { stderr, killed } = error as { stderr?: string; killed?: boolean }
  if (killed === true) return `no answer in ${limitMs} ms, or too long a one`
  const lines = (stderr ?? '').split('\n')
  const line = lines.find((one) => /^\w*(?:Error|Exception)\b/.test(one)) ?? lines.findLast((one) => one.trim() !== '')
  return (line ?? String(error)).replaceAll(`${beside}/`, '').slice(0, 300)
}
