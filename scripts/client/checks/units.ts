// the systemd unit: whether one is installed, and whether it starts this LOTUS and not another one.
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Place } from '../place.ts'
import { good, run, warning } from './check.ts'
import type { Check, Finding } from './check.ts'

export const checkUnits: Check = (place) => {
  const person = place.environment['HOME'] || homedir()
  const configuration = place.environment['XDG_CONFIG_HOME'] || join(person, '.config')
  const units = [
    { path: join(configuration, 'systemd/user/lotus.service'), scope: '--user' },
    { path: '/etc/systemd/system/lotus.service', scope: '--system' },
  ].filter(({ path }) => existsSync(path))
  if (units.length === 0)
    return [good('unit.installed', 'none: LOTUS is started by hand; `lotus service install` changes that')]
  return units.map(({ path, scope }) => judgeUnit(place, path, scope))
}

function judgeUnit({ root }: Place, path: string, scope: string): Finding {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (fault) {
    const { code } = fault as NodeJS.ErrnoException
    return warning('unit.installed', `${path} cannot be read: ${code}`, `look at ${path}`)
  }
  const starts = /^ExecStart=[@:+!|-]*"?([^\s"]+)/m.exec(text)?.[1]
  const install = run(`lotus service install ${scope}`, 'which writes it anew')
  if (starts === undefined) return warning('unit.installed', `${path} starts nothing`, install)
  const command = /^ExecStart=(.*)$/m.exec(text)?.[1] ?? ''
  const mine = [root, realpathSync(root)]
  if (!mine.some((folder) => command.includes(folder))) {
    return warning('unit.elsewhere', `${path} starts another LOTUS: ${starts}`, install)
  }
  const script = command.split(/[\s"]+/).find((word) => mine.some((folder) => word.startsWith(folder)))
  if (script !== undefined && !existsSync(script.replace(/^[@:+!|-]+/, ''))) {
    return warning('unit.elsewhere', `${path} starts ${script}, which is not there`, install)
  }
  return good('unit.installed', `${path} starts this LOTUS`)
}
