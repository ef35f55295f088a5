import mermaid from 'mermaid'

/** The bars that Mermaid itself reads in the text of a gantt chart, in its order. Rejects if it cannot read it. */
export async function ganttBars(text: string): Promise<readonly GanttBar[]> {
  await mermaid.parse(text)
  const diagram = await mermaid.mermaidAPI.getDiagramFromText(text.replace(/^---\n.*?\n---\n/s, ''))
  const {db} = diagram as unknown as {db: {getTasks: () => readonly MermaidTask[]}}
  return db.getTasks().map(({section, task, startTime, endTime, crit}) => ({
    section,
    name: task.trim(),
    from: startTime.getTime(),
    to: endTime.getTime(),
    isCritical: crit === true
  }))
}

/** A bar. Times are milliseconds of the chart. */
export interface GanttBar {
  readonly section: string
  readonly name: string
  readonly from: number
  readonly to: number
  readonly isCritical: boolean
}

/** What we read of Mermaid's own model. Source: mermaid, ganttDb.js. */
interface MermaidTask {
  readonly section: string
  readonly task: string
  readonly startTime: Date
  readonly endTime: Date
  readonly crit: boolean | undefined
}
