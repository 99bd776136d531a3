// the Dockerfile, as far as it can be judged without building it: its words, its versions, and what it copies.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { From } from 'dockerfile-ast'
import { validate } from 'dockerfile-utils'
import { describe, expect, it } from 'vitest'
import {
  copiesOfContext,
  dockerfileText,
  filesOfContext,
  filesOfSource,
  isInContext,
  readDockerfile,
} from '../support/containers/build-context.ts'
import { readCompose } from '../support/containers/compose-file.ts'
import { project } from '../support/private-lotus.ts'

const text = dockerfileText()
const dockerfile = readDockerfile()
const instructions = dockerfile.getInstructions()
const stages = instructions.filter((one) => one instanceof From)
const compose = readCompose()

/** the arguments of an instruction, stage by stage. */
function inStage(name: string, keyword: string): string[] {
  let stage: string | null = null
  return instructions.flatMap((one) => {
    if (one instanceof From) stage = one.getBuildStage()
    return stage === name && one.getKeyword() === keyword ? [one.getTextContent().slice(keyword.length + 1)] : []
  })
}

/** the words of a CMD in the form of a list. */
function words(argument: string | undefined): string[] {
  return JSON.parse(argument ?? '') as string[]
}

describe('the Dockerfile', () => {
  it('has nothing that a checker of Dockerfiles objects to', () => {
    expect(validate(text).map(({ range, message }) => [range.start.line + 1, message])).toEqual([])
  })

  it('would not pass with a mistake', () => {
    expect(validate(text.replace('EXPOSE 8000', 'EXPOSE eight')).map(({ message }) => message)).toHaveLength(1)
  })

  it('builds in stages: packages, what is shared, ChromaDB, and LOTUS as the last', () => {
    expect(stages.map((stage) => stage.getBuildStage())).toEqual(['packages', 'system', 'chroma', 'lotus'])
    expect(Object.values(compose.services).flatMap(({ build }) => build?.target ?? [])).toEqual([
      'lotus',
      'lotus',
      'chroma',
    ])
  })

  it('takes the Node of scripts/runtime.lock, from Debian 13: the server of chromadb wants its glibc', () => {
    const lock = readFileSync(join(project, 'scripts/runtime.lock'), 'utf8')
    const version = /^linux-x64 \S+ (\S+) /m.exec(lock)![1]!
    const images = stages.map((stage) => stage.getImage()).filter((image) => /[:/]/.test(image ?? ''))
    expect(new Set(images)).toEqual(new Set([`node:${version}-trixie-slim`]))
  })

  it('installs the locked packages, those for running only, and runs no script of theirs', () => {
    const [install] = inStage('packages', 'RUN')
    expect(install).toBe('npm ci --ignore-scripts --omit=dev')
  })

  it('runs as the user of the compose file, not as root', () => {
    const [prepare = ''] = inStage('system', 'RUN')
    const [, uid] = /useradd .*--uid (\d+)/.exec(prepare)!
    const [, gid] = /groupadd .*--gid (\d+)/.exec(prepare)!
    expect(inStage('system', 'USER')).toEqual(['lotus'])
    expect([...inStage('chroma', 'USER'), ...inStage('lotus', 'USER')]).toEqual([])
    for (const name of ['lotus', 'worker', 'chroma']) expect(compose.services[name]!.user).toBe(`${uid}:${gid}`)
  })

  it('makes the folders that volumes lie over, so that they are that user’s', () => {
    const [prepare = ''] = inStage('system', 'RUN')
    const made = /install --directory --owner=lotus --group=lotus --mode=0700 (.*)$/s.exec(prepare)![1]!
    const folders = made.split(/[\s\\]+/).filter((word) => word !== '')
    const mounted = ['lotus', 'worker', 'chroma'].flatMap((name) =>
      compose.services[name]!.volumes.map((volume) => volume.split(':').at(-1)!),
    )
    expect(mounted.filter((folder) => !folders.includes(folder))).toEqual([])
  })

  it('has no secret in it', () => {
    expect(text).not.toMatch(/^(?:ENV|ARG) .*(?:TOKEN|PASSWORD|KEY|SECRET)/m)
  })

  it('starts LOTUS as docs/polling.md says, with its HEALTHCHECK', () => {
    const page = readFileSync(join(project, 'docs/polling.md'), 'utf8')
    const [, line] = /```dockerfile\n(HEALTHCHECK .*)\n```/.exec(page)!
    expect(text).toContain(`\n${line}\n`)
    const [entry] = inStage('lotus', 'ENTRYPOINT')
    const [command] = inStage('lotus', 'CMD')
    expect(page).toContain(`\`${[...words(entry), ...words(command)].join(' ')}\``)
  })

  it.each([['lotus'], ['chroma']])('has the health check of the compose file for %s', (name) => {
    const [line = ''] = inStage(name, 'HEALTHCHECK')
    const [options = '', command = ''] = line.split(/ CMD (.*)/s)
    const { test, interval, timeout, start_period, retries } = compose.services[name]!.healthcheck
    expect(options).toBe(
      `--interval=${interval} --timeout=${timeout} --start-period=${start_period} --retries=${retries}`,
    )
    expect(command.startsWith('[') ? ['CMD', ...words(command)] : ['CMD-SHELL', command]).toEqual(test)
  })
})

describe('what goes into the image', () => {
  const context = filesOfContext()
  const copies = copiesOfContext()

  it('is there: each source of a COPY is a file or folder that the build gets to see', () => {
    const sources = copies.flatMap((copy) => copy.sources)
    expect(sources.length).toBeGreaterThan(8)
    expect(sources.filter((source) => !existsSync(join(project, source)))).toEqual([])
    expect(sources.filter((source) => filesOfSource(source, context).length === 0)).toEqual([])
  })

  it('is everything that the build gets to see', () => {
    const taken = new Set(copies.flatMap(({ sources }) => sources.flatMap((source) => filesOfSource(source, context))))
    expect(context.filter((file) => !taken.has(file))).toEqual([])
  })

  it.each([
    '.env',
    'config/.env',
    'modules/gateway/.env',
    '.git/config',
    'node_modules/zod/package.json',
    '.runtime/settled',
    'tests/system/life.test.ts',
    'docs/README.md',
    'config/docker-compose.yml',
    'scripts/npm-debug.log',
  ])('has no %s', (file) => {
    expect(isInContext(file)).toBe(false)
  })

  it.each(['nucleus.ts', 'config/default.json', 'config/policies/default.yaml', 'modules/memory/manifest.json'])(
    'has %s',
    (file) => {
      expect(isInContext(file)).toBe(true)
    },
  )
})
