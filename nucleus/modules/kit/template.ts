// the files of a new module: small, and with everything that a module has. it works and is tested as it is written.
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { moduleErrors } from '../errors.ts'
import { moduleFolders, moduleNames } from '../names.ts'
import { printJson } from './print-json.ts'

const namePattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const maxNameLength = 40
/** services that the kernel and the operator define. */
const reserved = ['nucleus', 'tools']

export interface NewModule {
  readonly name: string
  /** of the project. */
  readonly root: string
  readonly home: string
  /** where its folder is made. default: LOTUS_HOME/modules, where LOTUS finds it. */
  readonly parent?: string
}

/**
 * writes a new module, all of it or nothing.
 * @returns its folder and the names of its files
 * @throws MODULE_NAME_INVALID, MODULE_EXISTS
 */
export async function writeNewModule({ name, root, home, parent }: NewModule): Promise<{
  folder: string
  files: string[]
}> {
  if (!namePattern.test(name) || name.length > maxNameLength) throw moduleErrors.MODULE_NAME_INVALID({ value: name })
  const into = parent ?? join(home, 'modules')
  const folder = join(into, name)
  if (reserved.includes(name) || moduleNames(moduleFolders(root, home)).includes(name) || existsSync(folder)) {
    throw moduleErrors.MODULE_EXISTS({ value: existsSync(folder) ? folder : name })
  }
  const files = filesOf(name)
  await mkdir(into, { recursive: true, mode: 0o700 })
  // beside the folder of modules: who looks there meanwhile sees no half module
  const staged = await mkdtemp(join(dirname(into), '.new-module-'))
  try {
    for (const [file, text] of Object.entries(files)) await writeFile(join(staged, file), text)
    await writeEditorSupport(into, root)
    await rename(staged, folder)
  } catch (error) {
    await rm(staged, { recursive: true, force: true })
    throw error
  }
  return { folder, files: Object.keys(files) }
}

/** an editor finds kernel, contracts and packages where LOTUS does: as if the modules lay in the project. */
async function writeEditorSupport(folder: string, root: string): Promise<void> {
  const path = join(folder, 'tsconfig.json')
  if (existsSync(path) || dirname(folder) === root) return
  const options = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      // only so are the project's packages found for files that lie elsewhere
      module: 'preserve',
      moduleResolution: 'bundler',
      rootDirs: [dirname(folder), root],
      paths: { '*': [join(root, 'node_modules/@types/*'), join(root, 'node_modules/*')] },
      typeRoots: [join(root, 'node_modules/@types')],
    },
    include: ['.'],
    exclude: [],
  }
  await writeFile(path, `${JSON.stringify(options, undefined, 2)}\n`)
}

function filesOf(name: string): Readonly<Record<string, string>> {
  const words = name.split('-')
  const type = words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')
  const service = type[0]!.toLowerCase() + type.slice(1)
  const event = `${words.join('_').replaceAll(/\d/g, (digit) => digitWords[Number(digit)]!)}.greeted`
  const greeting = { doc: 'What a greeting begins with.', format: 'string', default: 'hello' }
  const manifest = {
    name,
    version: '0.1.0',
    description: 'Greets by name, and counts how often it has.',
    provides: [service],
    emits: [event],
    kernel: '^1',
    settings: { greeting },
  }
  return {
    'manifest.json': `${printJson(manifest)}\n`,
    'package.json': `${JSON.stringify({ private: true, type: 'module' }, undefined, 2)}\n`,
    'contract.ts': `// the public face of ${name}: its service and its event, types and inert definitions only.
import { z } from 'zod'
import { defineEvent } from '../../nucleus/events/event.ts'
import { defineService } from '../../nucleus/services/service.ts'

export const ${type}Greeted = defineEvent({
  type: '${event}',
  durability: 'journaled',
  description: 'somebody was greeted.',
  data: z.object({ who: z.string() }),
})

export interface ${type} {
  /** greets somebody, and tells everybody. */
  greet(who: string): Promise<string>
}

export const ${type} = defineService<${type}>('${service}', { greet: 'call' })
`,
    'settings.ts': `// the settings of ${name}; what stands here stands in the manifest, too: \`lotus module check ${name}\` compares.
import { defineSettings } from '../../nucleus/settings/schema.ts'

export const settings = defineSettings({
  greeting: { doc: '${greeting.doc}', format: 'string', default: '${greeting.default}' },
})
`,
    'module.ts': `// ${name}: greets by name. the count outlives a reload, because each generation hands it to the next.
import { z } from 'zod'
import { defineModule } from '../../nucleus/modules/module.ts'
import { ${type}, ${type}Greeted } from './contract.ts'
import { settings } from './settings.ts'

const State = z.object({ greeted: z.number() })

export default defineModule({
  settings,
  start(context) {
    // another version may have left it: it is checked like everything from outside
    let greeted = State.safeParse(context.state.previous).data?.greeted ?? 0
    context.state.handOver(() => ({ greeted }))

    const service: ${type} = {
      greet: async (who) => {
        greeted += 1
        await context.emit(${type}Greeted, { who })
        return \`\${context.settings.greeting}, \${who}\`
      },
    }
    return {
      services: { [${type}.name]: service },
      health: () => ({ status: 'healthy', details: { greeted } }),
    }
  },
})
`,
    [`${name}.test.ts`]: `// what ${name} says, tells and hands over: \`lotus module test ${name}\`.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { openHouse } from '../../nucleus/modules/kit/house.ts'
import { ${type}, ${type}Greeted } from './contract.ts'

const folder = join(import.meta.dirname, '..')
const open = () => openHouse({ folder, names: ['${name}'], settings: { ${quoted(name)}: { greeting: 'ahoy' } } })

test('greets as its settings say', async () => {
  await using house = await open()
  assert.equal(await house.use(${type}).greet('Ada'), 'ahoy, Ada')
})

test('tells whom it has greeted', async () => {
  await using house = await open()
  await house.use(${type}).greet('Ada')
  const [told] = await house.events(${type}Greeted, 1)
  assert.deepEqual(told?.data, { who: 'Ada' })
})

test('goes on counting after a reload', async () => {
  await using house = await open()
  await house.use(${type}).greet('Ada')
  await house.manager.reload('${name}')
  await house.use(${type}).greet('Bo')
  assert.deepEqual((await house.health('${name}'))?.details, { greeted: 2 })
})
`,
    'README.md': `# ${name}

Greets by name, and counts how often it has.

- The service \`${service}\` has one call, \`greet(who)\`.
- The event \`${event}\` tells whom it has greeted.
- The setting \`greeting\` is what a greeting begins with.

\`\`\`sh
lotus module test ${name}
lotus module check ${name}
lotus module reload ${name}
\`\`\`
`,
  }
}

/** the name of an event has no digits. */
const digitWords = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']

function quoted(name: string): string {
  return name.includes('-') ? `'${name}'` : name
}
