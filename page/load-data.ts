import type {PageData, PageLog} from '../src/pages/page-data.ts'

/** Reads the data of the page. Rejects if the page is damaged. */
export async function loadData(): Promise<PageData> {
  return JSON.parse(new TextDecoder().decode(await inflated('data')))
}

const blocks = new Map<number, Promise<Uint8Array>>()

/** Number of blocks that stay in memory after they are read. */
const mostBlocks = 8

/** The text of a log; bytes that are not UTF-8 become U+FFFD. Rejects if the page is damaged. */
export async function loadLog({block, offset, length}: PageLog): Promise<string> {
  const bytes = blocks.get(block) ?? inflated(`log-${block}`)
  blocks.delete(block)
  blocks.set(block, bytes)
  const [oldest] = blocks.keys()
  if (blocks.size > mostBlocks && oldest !== undefined) blocks.delete(oldest)
  return new TextDecoder().decode((await bytes).subarray(offset, offset + length))
}

async function inflated(id: string): Promise<Uint8Array> {
  const text = document.getElementById(id)?.textContent
  if (text == null) throw new Error(`the part ${id} is missing`)
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}
