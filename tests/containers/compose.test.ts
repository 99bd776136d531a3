// config/docker-compose.yml: by the published schema of the Compose Specification, and by the rules of this house.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DCLinter } from 'dclint'
import { describe, expect, it } from 'vitest'
import { core } from '../../nucleus/settings/core.ts'
import { estimateTokenBits, strongTokenBits } from '../../modules/gateway/access/token-strength.ts'
import { settings as gatewaySettings } from '../../modules/gateway/settings.ts'
import {
  composePath,
  composeText,
  durationMs,
  exampleVariables,
  readCompose,
  requiredVariables,
} from '../support/containers/compose-file.ts'
import { project } from '../support/private-lotus.ts'

const compose = readCompose()
const services = Object.entries(compose.services)
const page = readFileSync(join(project, 'docs/containers.md'), 'utf8')

/** what the linter tells of a file; the types that it ships miss this one. */
interface LintedFile {
  readonly messages: readonly { readonly rule: string; readonly line: number; readonly message: string }[]
}

function problemsOf(path: string, rules: Readonly<Record<string, 0 | 1 | 2>> = {}): string[] {
  const linter = new DCLinter({ rules: { ...rules }, quiet: true, debug: false, exclude: [] })
  const files: readonly LintedFile[] = linter.lintFiles([path], false)
  return files.flatMap(({ messages }) => messages.map(({ rule, line, message }) => `${rule} ${line}: ${message}`))
}

describe('the compose file', () => {
  it('is what the schema of the Compose Specification allows, and the linter has nothing to say', () => {
    expect(
      problemsOf(composePath, {
        // the name of an image that is built here is how two services share it.
        'no-build-and-image': 0,
        // the order is the one in which a person reads: what LOTUS is, then what it needs.
        'services-alphabetical-order': 0,
        'service-keys-order': 0,
        'top-level-properties-order': 0,
        'service-dependencies-alphabetical-order': 0,
      }),
    ).toEqual([])
  })

  it('would not be allowed with a word that the schema does not know', () => {
    const broken = join(import.meta.dirname, 'broken-compose.yml')
    expect(problemsOf(broken).join('\n')).toMatch(
      /^invalid-schema .*services\/lotus.*must NOT have additional properties/,
    )
  })

  it('has LOTUS, workers, the three servers, Prometheus and Grafana', () => {
    expect(Object.keys(compose.services)).toEqual([
      'lotus',
      'worker',
      'postgres',
      'redis',
      'chroma',
      'prometheus',
      'grafana',
    ])
  })

  it('defines each network and volume that is used, and no other', () => {
    const used = (list: readonly string[]): string[] => [...new Set(list)].toSorted()
    expect(used(services.flatMap(([, { networks }]) => networks))).toEqual(Object.keys(compose.networks).toSorted())
    const named = services.flatMap(([, { volumes }]) => volumes.filter((volume) => /^[a-z]/.test(volume)))
    expect(used(named.map((volume) => volume.split(':')[0]!))).toEqual(Object.keys(compose.volumes).toSorted())
  })

  it('mounts what is there', () => {
    const sources = services.flatMap(([, { volumes }]) =>
      volumes.filter((volume) => volume.startsWith('.')).map((volume) => volume.split(':')[0]!),
    )
    expect(sources.length).toBeGreaterThan(2)
    expect(sources.filter((source) => !existsSync(join(project, 'config', source)))).toEqual([])
  })
})

describe.each(services)('the service %s', (_name, service) => {
  it('is of an image with an exact version', () => {
    expect(service.image).toMatch(/^[a-z/-]+:v?\d+\.\d+(\.\d+)?(-trixie)?$/)
  })

  it('has a health check with limits', () => {
    const { interval, timeout, start_period, retries, test } = service.healthcheck
    expect(test.length).toBeGreaterThan(1)
    expect(durationMs(timeout)).toBeLessThan(durationMs(interval))
    expect(durationMs(start_period)).toBeGreaterThan(0)
    expect(retries).toBeGreaterThan(0)
  })

  it('runs as an ordinary user who can gain nothing, on files that it can’t change', () => {
    expect(service.user).toMatch(/^(?:[1-9]\d*:\d+|redis)$/)
    expect([service.cap_drop, service.security_opt, service.read_only]).toEqual([
      ['ALL'],
      ['no-new-privileges:true'],
      true,
    ])
  })

  it('has limits of memory, processors and processes, comes back, and has time to end', () => {
    const { cpus, memory, pids } = service.deploy.resources.limits
    expect([Number(cpus) > 0, /^\d+[mg]$/.test(memory), pids > 0]).toEqual([true, true, true])
    expect(service.restart).toBe('unless-stopped')
    expect(durationMs(service.stop_grace_period)).toBeGreaterThanOrEqual(30_000)
  })

  it('is reached from this machine only', () => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
  })
})

describe('LOTUS and its workers', () => {
  const { lotus, worker } = compose.services as Record<'lotus' | 'worker', (typeof services)[0][1]>

  it('have more time to end than a drain takes', () => {
    expect(durationMs(lotus.stop_grace_period)).toBeGreaterThan(45_000)
    expect(durationMs(worker.stop_grace_period)).toBeGreaterThan(45_000)
  })

  it('are set by variables that are settings of LOTUS', () => {
    const known: readonly string[] = [...Object.values(core), gatewaySettings.allowedHosts].flatMap((setting) =>
      'env' in setting ? [setting.env] : [],
    )
    const used = [...Object.keys(lotus.environment ?? {}), ...Object.keys(worker.environment ?? {})]
    expect(used.filter((name) => !known.includes(name))).toEqual([])
  })

  it('differ in their role, and in their homes: one home has one process', () => {
    expect([lotus.environment?.['LOTUS_ROLE'], worker.environment?.['LOTUS_ROLE']]).toEqual(['nucleus', 'worker'])
    expect(lotus.volumes).toEqual(['lotus-home:/var/lib/lotus', 'workspace:/var/lib/lotus/workspace'])
    expect(worker.volumes).toEqual(['/var/lib/lotus', 'workspace:/var/lib/lotus/workspace'])
  })

  it('can be many: a worker has no port of this machine, and there are as many as WORKERS says', () => {
    expect(worker.ports).toBeUndefined()
    expect(worker.deploy.replicas).toBe(2)
    expect(readCompose({ ...exampleVariables(), WORKERS: '7' }).services['worker']?.deploy.replicas).toBe(7)
  })

  it('wait for the servers to be healthy', () => {
    const waits = { condition: 'service_healthy' }
    expect([lotus.depends_on, worker.depends_on]).toEqual(
      Array.from({ length: 2 }, () => ({ postgres: waits, redis: waits, chroma: waits })),
    )
  })

  it('address the servers by their names in the file', () => {
    const { LOTUS_POSTGRES_URL, LOTUS_REDIS_URL, LOTUS_CHROMA_URL } = lotus.environment!
    const hosts = [LOTUS_POSTGRES_URL, LOTUS_REDIS_URL, LOTUS_CHROMA_URL].map((url) => new URL(url!).hostname)
    expect(hosts).toEqual(['postgres', 'redis', 'chroma'])
    for (const host of hosts) {
      const shared = compose.services[host]!.networks.filter((network) => lotus.networks.includes(network))
      expect(shared.map((network) => compose.networks[network]?.internal)).toEqual([true])
    }
  })
})

describe('Redis', () => {
  it('keeps its append-only file, synced each second, and drops nothing', () => {
    const options = compose.services['redis']!.command!.join(' ')
    expect(options).toMatch(/ --appendonly yes --appendfsync everysec .*--maxmemory-policy noeviction/)
  })
})

describe('the secrets', () => {
  it('are in no file of the repository: each is required, and a missing one is named', () => {
    expect(requiredVariables().toSorted()).toEqual([
      'GRAFANA_PASSWORD',
      'LOTUS_HTTP_TOKEN',
      'POSTGRES_PASSWORD',
      'REDIS_PASSWORD',
    ])
    for (const name of requiredVariables()) {
      const { [name]: _, ...others } = exampleVariables()
      expect(() => readCompose(others)).toThrow(`${name} is missing in config/.env, see docs/containers.md`)
    }
    const values = [...composeText().matchAll(/^ *\w*(?:PASSWORD|TOKEN|KEY|AUTH): *(.*)$/gm)].map(([, value]) => value!)
    expect(values.length).toBeGreaterThan(6)
    expect(values.filter((value) => !/^\$\{\w+:[-?][^}]*\}$/.test(value))).toEqual([])
  })

  it('are made by the lines of the page, as strong as LOTUS wants them', () => {
    const lines = /^```sh\n(umask 077\n[\s\S]*?)^```$/m.exec(page)![1]!.replace(' > config/.env', '')
    const { status, stdout } = spawnSync('/bin/sh', ['-c', lines], { encoding: 'utf8' })
    expect(status).toBe(0)
    const made = Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split('=') as [string, string]),
    )
    expect(Object.keys(made).toSorted()).toEqual(requiredVariables().toSorted())
    expect(estimateTokenBits(made['LOTUS_HTTP_TOKEN']!)).toBeGreaterThanOrEqual(strongTokenBits)
    // they stand in URLs and in a line of redis.conf.
    for (const value of Object.values(made)) expect(value).toMatch(/^[0-9a-f]{64}$/)
    expect(new Set(Object.values(made)).size).toBe(4)
  })

  it('lie where git does not look', () => {
    const { status } = spawnSync('git', ['check-ignore', '-q', 'config/.env'], { cwd: project })
    expect(status).toBe(0)
  })
})

describe('docs/containers.md', () => {
  it('names each service, each volume, and each variable of the file', () => {
    const variables = new Set([...composeText().matchAll(/(?<!\$)\$\{(\w+)/g)].map(([, name]) => name!))
    const wanted = [...Object.keys(compose.services), ...Object.keys(compose.volumes), ...variables]
    expect(wanted.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })
})
