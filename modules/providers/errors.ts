// what can go wrong with model providers, and what to do about it.
import { defineErrors } from '../../nucleus/errors.ts'

export const providerErrors = defineErrors({
  MODEL_MISSING: {
    title: 'no language model is available',
    fix: 'install Ollama from https://ollama.com and run `ollama pull llama3.2`',
  },
  MODEL_NOT_FOUND: {
    title: 'this model is not there',
    fix: 'run `ollama pull NAME`, or choose one of `ollama list`',
  },
  PROVIDER_UNREACHABLE: {
    title: 'the model provider does not answer',
    fix: 'start it (`ollama serve`), or correct OLLAMA_HOST',
    retryable: true,
  },
  PROVIDER_TIMEOUT: {
    title: 'the model took too long',
    fix: 'try a smaller model, or allow more time with completionTimeout of providers',
    retryable: true,
  },
  PROVIDER_FAILED: {
    title: 'the model provider reported an error',
    fix: 'look at the log of the provider; for Ollama `journalctl -u ollama`',
  },
  PROVIDER_RESPONSE_INVALID: {
    title: 'the model provider answered with something that is not its protocol',
    fix: 'check that OLLAMA_HOST is the address of an Ollama server',
  },
  PROVIDER_BUSY: {
    title: 'too many prompts wait for a model',
    fix: 'try again in a moment',
    retryable: true,
  },
  COMPLETION_CANCELLED: { title: 'the completion was cancelled', fix: 'ask again' },
  PROMPT_TOO_LARGE: { title: 'a prompt has at most 1 MiB of text', fix: 'shorten it, or ask about a part' },
  OLLAMA_HOST_INVALID: {
    title: 'this is not an address of an Ollama server',
    fix: 'set OLLAMA_HOST to host:port or a URL, such as 127.0.0.1:11434',
  },
})
