// what the Dockerfile takes from the project: .dockerignore decides what it may see, COPY what it takes.
import { readFileSync, readdirSync } from 'node:fs'
import { join, posix } from 'node:path'
import { Copy, DockerfileParser, From, type Dockerfile } from 'dockerfile-ast'
import { project } from '../private-lotus.ts'

export interface CopyOfContext {
  /** the number of its stage, from 0. */
  readonly stage: number
  readonly sources: readonly string[]
  readonly target: string
}

export function dockerfileText(): string {
  return readFileSync(join(project, 'Dockerfile'), 'utf8')
}

export function readDockerfile(): Dockerfile {
  return DockerfileParser.parse(dockerfileText())
}

/** each COPY that takes files of the project, and none of an earlier stage. */
export function copiesOfContext(dockerfile = readDockerfile()): CopyOfContext[] {
  let stage = -1
  return dockerfile.getInstructions().flatMap((instruction) => {
    if (instruction instanceof From) stage += 1
    if (!(instruction instanceof Copy) || instruction.getFromFlag() !== null) return []
    const words = instruction.getArguments().map((word) => word.getValue())
    return [{ stage, sources: words.slice(0, -1), target: words.at(-1)! }]
  })
}

/** whether an image build gets to see a file: the last pattern that matches it or a folder above it decides. */
export function isInContext(file: string, ignore = readFileSync(join(project, '.dockerignore'), 'utf8')): boolean {
  const lines = ignore.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'))
  const above = file.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'))
  let seen = true
  for (const line of lines) {
    const isBack = line.startsWith('!')
    const pattern = isBack ? line.slice(1) : line
    if (above.some((path) => matcherOf(pattern).test(path))) seen = isBack
  }
  return seen
}

/** a pattern of .dockerignore; unlike in a shell, a star stands for dots at the beginning, too. */
function matcherOf(pattern: string): RegExp {
  const signs: Readonly<Record<string, string>> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' }
  return new RegExp(`^${pattern.replaceAll(/\*\*\/|\*\*|[*?]|[^\w/]/g, (sign) => signs[sign] ?? `\\${sign}`)}$`)
}

/** the files of the project that the build gets to see, relative to it. */
export function filesOfContext(): string[] {
  const skipped = new Set(['.git', 'node_modules', '.runtime'])
  const walk = (folder: string): string[] =>
    readdirSync(join(project, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = posix.join(folder, entry.name)
      if (skipped.has(path)) return []
      return entry.isDirectory() ? walk(path) : [path]
    })
  return walk('').filter((path) => isInContext(path))
}

/** the files of the context that one source of a COPY takes. */
export function filesOfSource(source: string, context: readonly string[]): string[] {
  return context.filter((file) => file === source || file.startsWith(`${source}/`))
}
