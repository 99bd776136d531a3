// doctor and what LOTUS stands on: Node and packages, servers, models and the systemd unit.
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { checkNode, checkPackages } from '../../../scripts/client/checks/node.ts'
import { project } from '../../support/private-lotus.ts'
import { createCheckout, lockOf } from '../checkout.ts'
import { createPatient, type Patient } from './patient.ts'

// each test starts the command several times, and the machine may be busy
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

let patient: Patient
const servers: Server[] = []
beforeEach(() => {
  patient = createPatient()
})
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve))
  await patient.dispose()
})

async function listen(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

describe('packages', () => {
  it('that are not those of the lock are found, and installed by the command', async () => {
    const checkout = createCheckout()
    try {
      checkout.addNodeToPath()
      expect((await checkout.start(['x']).finished).code).toBe(0)
      const place = { root: checkout.folder, home: join(checkout.folder, 'home'), environment: {} }
      expect(await checkPackages(place)).toMatchObject([{ id: 'packages.lock', severity: 'good' }])
      checkout.write('package-lock.json', lockOf('2.0.0'))
      const [found] = await checkPackages(place)
      expect(found).toMatchObject({
        id: 'packages.lock',
        severity: 'bad',
        text: 'left is 1.0.0 and the lock says 2.0.0',
      })
      expect((await checkout.start([], { script: found!.command! }).finished).code).toBe(0)
      expect(await checkPackages(place)).toMatchObject([{ severity: 'good' }])
    } finally {
      checkout.dispose()
    }
  })

  it('whose installation was killed leave folders, which are removed', async () => {
    const root = patient.own.base
    const left = join(root, '.runtime', 'incoming.x1')
    mkdirSync(left, { recursive: true })
    const place = { root, home: patient.own.home, environment: {} }
    const find = async () => (await checkNode(place)).find(({ id }) => id === 'node.runtime')!
    expect(await find()).toMatchObject({ severity: 'good' })
    const hours = new Date(Date.now() - 7_200_000)
    utimesSync(left, hours, hours)
    const found = await find()
    expect(found).toMatchObject({ severity: 'note', command: `rm -rf ${left}` })
    await found.mend!()
    expect(existsSync(left)).toBe(false)
    expect(await find()).toMatchObject({ severity: 'good' })
  })
})

describe('servers', () => {
  it('are reachable or not, and no address shows its password', async () => {
    const port = await listen(createServer((socket) => socket.destroy()))
    const found = await patient.examine({
      LOTUS_POSTGRES_URL: 'postgres://ada:geheim77@127.0.0.1:1/lotus',
      LOTUS_REDIS_URL: `redis://127.0.0.1:${port}`,
    })
    expect(found.find('server.postgres')).toMatchObject({ severity: 'warning' })
    expect(found.findings.find(({ id }) => id === 'server.redis')).toMatchObject({ severity: 'good' })
    expect(JSON.stringify(found.findings)).not.toContain('geheim77')
  })
})

describe('models', () => {
  it('are found where Ollama answers, and keys are told by name', async () => {
    const ollama = createHttpServer((_request, response) => response.end('{"version":"0.9.1"}'))
    const port = await listen(ollama)
    const found = await patient.examine({ OLLAMA_HOST: `127.0.0.1:${port}`, OPENAI_API_KEY: 'sk-geheim0123456789' })
    expect(found.findings.find(({ id }) => id === 'model.ollama')?.text).toContain('Ollama 0.9.1')
    expect(found.findings.find(({ id }) => id === 'model.keys')?.text).toBe('set: OPENAI_API_KEY')
    expect(JSON.stringify(found.findings)).not.toContain('geheim')
    const away = await patient.examine({ OLLAMA_HOST: '127.0.0.1:1' })
    expect(away.find('model.ollama')).toMatchObject({ severity: 'warning' })
  })
})

describe('the unit', () => {
  it('is found where it starts another LOTUS than this one', async () => {
    const folder = join(patient.own.base, '.config/systemd/user')
    mkdirSync(folder, { recursive: true })
    const write = (root: string): void =>
      writeFileSync(join(folder, 'lotus.service'), `[Service]\nExecStart="${root}/scripts/lotus" foreground\n`)
    write(project)
    expect((await patient.examine()).findings.find(({ id }) => id === 'unit.installed')).toMatchObject({
      severity: 'good',
    })
    write('/opt/other')
    const found = await patient.examine()
    expect(found.find('unit.elsewhere')).toMatchObject({ severity: 'warning', command: 'lotus service install --user' })
  })
})
