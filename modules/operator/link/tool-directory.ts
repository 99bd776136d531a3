// the tools of all modules at this moment: who offers which, told to osd whenever it changes.
import type { Json, ToolCall, ToolDescription, ToolResult, Tools } from '../contract.ts'
import { operatorErrors } from '../errors.ts'

export interface ToolDirectory {
  /** asks every provider anew. @returns whether anything differs from what was known. */
  refresh(): Promise<boolean>
  has(name: string): boolean
  readonly descriptions: readonly ToolDescription[]
  /** @throws TOOL_UNKNOWN, and what the tool throws. */
  run(name: string, args: Readonly<Record<string, Json>>, call: ToolCall): Promise<ToolResult>
}

export interface DirectoryOptions {
  /** providers by module name. */
  providers(): ReadonlyMap<string, Tools>
  /** a provider could not be asked, or offers what another one does. */
  onProblem(message: string, fields: Readonly<Record<string, unknown>>): void
}

export function createToolDirectory(options: DirectoryOptions): ToolDirectory {
  let owners = new Map<string, string>()
  let descriptions: readonly ToolDescription[] = []
  let known = ''

  return {
    get descriptions() {
      return descriptions
    },
    has: (name) => owners.has(name),
    async refresh() {
      const found: ToolDescription[] = []
      const next = new Map<string, string>()
      for (const [module, provider] of options.providers()) {
        try {
          for (const tool of await provider.list()) {
            const taken = next.get(tool.name)
            if (taken !== undefined)
              options.onProblem('two modules offer a tool of one name', { tool: tool.name, modules: [taken, module] })
            else {
              next.set(tool.name, module)
              found.push(tool)
            }
          }
        } catch (error) {
          // a module that is just being replaced is asked again when it is there.
          options.onProblem('a module could not be asked for its tools', { provider: module, error: String(error) })
        }
      }
      owners = next
      descriptions = found
      const now = JSON.stringify(found)
      const isNew = now !== known
      known = now
      return isNew
    },
    async run(name, args, call) {
      const module = owners.get(name)
      const provider = module === undefined ? undefined : options.providers().get(module)
      if (provider === undefined) throw operatorErrors.TOOL_UNKNOWN({ value: name })
      return provider.run(name, args, call)
    },
  }
}
