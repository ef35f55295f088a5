import {useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState} from 'preact/hooks'
import {criticalPath, lockWaits} from './critical-path.ts'
import {usePage} from './page-context.ts'
import type {Bar, RunModel} from './run-model.ts'
import {axisTicks, barsByLane, firstVisible, moved, type TimeRange, zoomed} from './timeline-view.ts'
import {duration, nameOf, shardName, sign, statusText, tone} from './words.ts'

const laneHeight = 20
const barHeight = 14
const axisHeight = 22

/** The bar under the pointer, and the position of its description. */
interface Pointed {
  readonly bar: Bar
  readonly x: number
  readonly y: number
}

/** Shows what ran when, on which worker. For users who cannot see it, the list of tasks has the same information. */
export function Timeline() {
  const {model, go} = usePage()
  const whole = useMemo((): TimeRange => ({from: model.from, to: Math.max(model.to, model.from + 1)}), [model])
  const [range, setRange] = useState(whole)
  const [isPathShown, showPath] = useState(true)
  const [pointed, point] = useState<Pointed | undefined>(undefined)
  const canvas = useRef<HTMLCanvasElement>(null)
  const [width, setWidth] = useState(0)
  const scene = useMemo(() => sceneOf(model), [model])
  const {labelWidth} = scene
  useLayoutEffect(() => {
    const element = canvas.current?.parentElement
    if (element == null) return
    const read = () => setWidth(element.clientWidth)
    read()
    const observer = new ResizeObserver(read)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const draw = useCallback(() => {
    if (canvas.current !== null && width > labelWidth)
      drawScene(canvas.current, {scene, model, range, width, isPathShown, pointed: pointed?.bar})
  }, [scene, model, range, width, isPathShown, pointed])
  useLayoutEffect(draw, [draw])
  useEffect(() => {
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    scheme.addEventListener('change', draw)
    return () => scheme.removeEventListener('change', draw)
  }, [draw])
  const timeAt = (x: number) => range.from + ((x - labelWidth) / Math.max(1, width - labelWidth)) * (range.to - range.from)
  const zoom = (factor: number, around = (range.from + range.to) / 2) => setRange(now => zoomed(now, factor, around, whole))
  const drag = useRef<{x: number; range: TimeRange; hasMoved: boolean} | undefined>(undefined)
  const barAt = (x: number, y: number): Bar | undefined => {
    const lane = Math.floor((y - axisHeight) / laneHeight)
    const bars = scene.byLane[lane]
    if (bars === undefined || x < labelWidth) return undefined
    const slack = (range.to - range.from) / Math.max(1, width)
    const time = timeAt(x)
    for (let i = firstVisible(bars, time - slack); i < bars.length; i++) {
      const bar = bars[i]
      if (bar === undefined || bar.from > time + slack) return undefined
      if (bar.to >= time - slack) return bar
    }
    return undefined
  }
  useEffect(() => {
    const element = canvas.current
    if (element === null) return
    // Not passive, because with Ctrl the browser would zoom the page.
    const wheel = (event: WheelEvent) => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault()
        zoom(1.002 ** -event.deltaY, timeAt(event.offsetX))
      } else if (event.deltaX !== 0 || event.shiftKey) {
        event.preventDefault()
        const pixels = event.deltaX || event.deltaY
        setRange(now => moved(now, (pixels / Math.max(1, width)) * (now.to - now.from), whole))
      }
    }
    element.addEventListener('wheel', wheel, {passive: false})
    return () => element.removeEventListener('wheel', wheel)
  })
  if (model.bars.length === 0) return null
  const height = axisHeight + model.lanes.length * laneHeight
  const span = range.to - range.from
  const isWhole = range.from === whole.from && range.to === whole.to
  const press = (event: KeyboardEvent) => {
    const action = {
      ArrowLeft: () => setRange(now => moved(now, -span / 8, whole)),
      ArrowRight: () => setRange(now => moved(now, span / 8, whole)),
      '+': () => zoom(1.5),
      '=': () => zoom(1.5),
      '-': () => zoom(1 / 1.5),
      '0': () => setRange(whole)
    }[event.key]
    if (action === undefined || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    action()
  }
  return (
    <section class="timeline" aria-label="Timeline">
      <div class="controls">
        <h2>Timeline</h2>
        <span class="buttons" role="group" aria-label="Zoom">
          <button type="button" aria-label="Zoom in" onClick={() => zoom(1.5)}>
            +
          </button>
          <button type="button" aria-label="Zoom out" disabled={isWhole} onClick={() => zoom(1 / 1.5)}>
            −
          </button>
          <button type="button" disabled={isWhole} onClick={() => setRange(whole)}>
            All
          </button>
        </span>
        <label>
          <input type="checkbox" checked={isPathShown} onChange={event => showPath(event.currentTarget.checked)} /> Critical path{' '}
          {scene.path.length > 0 && `(${scene.path.length} ${scene.path.length === 1 ? 'attempt' : 'attempts'})`}
        </label>
        <span class="legend" aria-hidden="true">
          <i class="boot" /> boots <i class="wait" /> waits for a worker <i class="lock" /> waits for a lock
        </span>
      </div>
      <div class="chart">
        <canvas
          ref={canvas}
          role="img"
          tabIndex={0}
          aria-label={`${model.bars.length} attempts on ${model.lanes.length} workers in ${duration(model.to - model.from)}. Arrow keys move, plus and minus zoom, 0 shows all. The list below has each task.`}
          style={{height: `${height}px`, width: '100%'}}
          onKeyDown={press}
          onPointerDown={event => {
            drag.current = {x: event.offsetX, range, hasMoved: false}
            event.currentTarget.setPointerCapture(event.pointerId)
          }}
          onPointerMove={event => {
            const {offsetX: x, offsetY: y} = event
            if (drag.current !== undefined) {
              const by = drag.current.x - x
              drag.current.hasMoved ||= Math.abs(by) > 3
              if (drag.current.hasMoved) {
                const {range: start} = drag.current
                setRange(moved(start, (by / Math.max(1, width - labelWidth)) * (start.to - start.from), whole))
              }
              return
            }
            const bar = barAt(x, y)
            point(bar === undefined ? undefined : {bar, x, y})
          }}
          onPointerUp={event => {
            const wasClick = drag.current?.hasMoved === false
            drag.current = undefined
            const bar = wasClick ? barAt(event.offsetX, event.offsetY) : undefined
            if (bar !== undefined) go({task: bar.row.task.id, attempt: bar.attempt.number, line: undefined})
          }}
          onPointerCancel={() => {
            drag.current = undefined
          }}
          onPointerLeave={() => point(undefined)}
          onDblClick={event => zoom(2.5, timeAt(event.offsetX))}
        />
        {pointed !== undefined && <Tip {...pointed} width={width} model={model} />}
      </div>
    </section>
  )
}

function Tip({bar, x, y, width, model}: Pointed & {readonly width: number; readonly model: RunModel}) {
  const {row, attempt} = bar
  return (
    <div class="tip" role="presentation" style={{left: `${Math.min(x + 12, Math.max(0, width - 260))}px`, top: `${y + 16}px`}}>
      <b class={tone(row)}>
        {sign(bar.status)} <bdi>{nameOf(row)}</bdi>
      </b>
      <div>
        {bar.status === 'success' ? 'succeeded' : statusText({...row, status: bar.status, isFlaky: false})} after{' '}
        {duration(attempt.durationMs)}
      </div>
      <div>
        from {duration(bar.from - model.from)} to {duration(bar.to - model.from)}
        {row.shard !== undefined && `, in ${shardName(row.shard)}`}
        {row.task.attempts.length > 1 && `, attempt ${attempt.number} of ${row.task.attempts.length}`}
      </div>
    </div>
  )
}

/** Everything that is drawn of a run, computed once. */
interface Scene {
  /** Width of the names of workers, in pixels. */
  readonly labelWidth: number
  readonly byLane: readonly (readonly Bar[])[]
  readonly path: readonly Bar[]
  readonly onPath: ReadonlySet<Bar>
  readonly boots: readonly {readonly lane: number; readonly from: number; readonly to: number}[]
  readonly waits: readonly {readonly lane: number; readonly from: number; readonly to: number}[]
  readonly locks: readonly {readonly lane: number; readonly from: number; readonly to: number}[]
}

function sceneOf(model: RunModel): Scene {
  const laneOf = new Map(model.lanes.map(({worker}, lane) => [worker, lane]))
  const placed = (spans: readonly {readonly worker: number; readonly from: number; readonly to: number}[]) =>
    spans.flatMap(({worker, from, to}) => {
      const lane = laneOf.get(worker)
      return lane === undefined ? [] : [{lane, from, to}]
    })
  const path = criticalPath(model)
  return {
    labelWidth: model.lanes.some(({shard}) => shard !== undefined) ? 92 : 44,
    byLane: barsByLane(model),
    path,
    onPath: new Set(path),
    boots: placed(model.plan?.boots ?? []),
    waits: placed(model.plan?.waits ?? []),
    locks: lockWaits(model.bars, model.from).map(({bar, from, to}) => ({lane: bar.lane, from, to}))
  }
}

interface Drawing {
  readonly scene: Scene
  readonly model: RunModel
  readonly range: TimeRange
  readonly width: number
  readonly isPathShown: boolean
  readonly pointed: Bar | undefined
}

function drawScene(canvas: HTMLCanvasElement, drawing: Drawing): void {
  const context = canvas.getContext('2d')
  if (context !== null) paint(canvas, context, drawing)
}

function paint(
  canvas: HTMLCanvasElement,
  context: CanvasRenderingContext2D,
  {scene, model, range, width, isPathShown, pointed}: Drawing
): void {
  const {labelWidth} = scene
  const height = axisHeight + model.lanes.length * laneHeight
  const ratio = Math.min(devicePixelRatio || 1, 16_384 / height, 16_384 / width)
  canvas.width = Math.round(width * ratio)
  canvas.height = Math.round(height * ratio)
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  const style = getComputedStyle(canvas)
  const color = (name: string) => style.getPropertyValue(`--${name}`).trim() || '#888'
  const scale = (width - labelWidth) / (range.to - range.from)
  const x = (time: number) => labelWidth + (time - range.from) * scale
  const clear = () => context.clearRect(0, 0, width, height)
  clear()
  context.font = '11px system-ui, sans-serif'
  context.textBaseline = 'middle'
  drawAxis()
  context.save()
  context.beginPath()
  context.rect(labelWidth, axisHeight, width - labelWidth, height)
  context.clip()
  for (const {lane, from, to} of scene.locks) span(lane, from, to, 'allowed', 'line')
  for (const {lane, from, to} of scene.waits) span(lane, from, to, 'muted', 'dots')
  for (const {lane, from, to} of scene.boots) span(lane, from, to, 'boot', 'low')
  for (const bars of scene.byLane) drawLane(bars)
  if (isPathShown) drawPath()
  context.restore()
  drawLabels()

  function top(lane: number): number {
    return axisHeight + lane * laneHeight + (laneHeight - barHeight) / 2
  }

  function drawAxis(): void {
    context.fillStyle = color('muted')
    context.strokeStyle = color('line')
    context.lineWidth = 1
    for (const tick of axisTicks(range, model.from, Math.max(2, Math.floor((width - labelWidth) / 90)))) {
      const at = Math.round(x(model.from + tick)) + 0.5
      context.beginPath()
      context.moveTo(at, axisHeight - 4)
      context.lineTo(at, height)
      context.stroke()
      const text = tick === 0 ? '0' : duration(tick)
      const half = context.measureText(text).width / 2
      context.fillText(text, Math.min(Math.max(at - half, labelWidth), width - 2 * half - 2), axisHeight / 2 - 2)
    }
  }

  function drawLabels(): void {
    context.fillStyle = color('muted')
    let lastShard: number | undefined
    model.lanes.forEach(({worker, shard}, lane) => {
      context.fillText(shard === undefined ? String(worker) : `${shardName(shard)} · ${worker}`, 4, top(lane) + barHeight / 2)
      if (shard !== lastShard && lane > 0) {
        context.fillRect(0, axisHeight + lane * laneHeight, width, 1)
      }
      lastShard = shard
    })
  }

  function span(lane: number, from: number, to: number, name: string, kind: 'line' | 'dots' | 'low'): void {
    const [left, right] = [x(from), x(to)]
    if (right < labelWidth || left > width) return
    context.fillStyle = color(name)
    const size = Math.max(1, right - left)
    if (kind === 'low') context.fillRect(left, top(lane) + barHeight / 2 - 2, size, 4)
    else if (kind === 'line') context.fillRect(left, top(lane) + barHeight - 2, size, 2)
    else
      for (let at = Math.max(left, labelWidth - 6); at < Math.min(right, width); at += 6)
        context.fillRect(at, top(lane) + barHeight / 2 - 1, 3, 2)
  }

  function drawLane(bars: readonly Bar[]): void {
    let lastPixel = -1
    for (let i = firstVisible(bars, range.from); i < bars.length; i++) {
      const bar = bars[i]
      if (bar === undefined || bar.from > range.to) return
      const [left, right] = [Math.max(labelWidth - 2, x(bar.from)), Math.min(width + 2, x(bar.to))]
      const name =
        bar.status === 'success' ? (bar.row.isFlaky ? 'flaky' : 'success') : tone({...bar.row, status: bar.status, isFlaky: false})
      const isSmall = right - left < 1
      // Very short successes share a pixel; failures are drawn over them.
      if (isSmall && name === 'success' && Math.floor(left) === lastPixel) continue
      lastPixel = Math.floor(left)
      context.fillStyle = color(name)
      const size = Math.max(isSmall && name !== 'success' ? 2 : 1, right - left - (right - left > 4 ? 1 : 0))
      context.globalAlpha = pointed !== undefined && pointed.row !== bar.row ? 0.45 : 1
      context.fillRect(left, top(bar.lane), size, barHeight)
      context.globalAlpha = 1
      if (size > 34) {
        context.save()
        context.beginPath()
        context.rect(left, top(bar.lane), size - 3, barHeight)
        context.clip()
        context.fillStyle = color('on-bar')
        context.fillText(nameOf(bar.row).slice(0, 80), left + 4, top(bar.lane) + barHeight / 2 + 0.5)
        context.restore()
      }
    }
  }

  function drawPath(): void {
    context.strokeStyle = color('path')
    context.lineWidth = 1.5
    scene.path.forEach((bar, i) => {
      const [left, right] = [x(bar.from), x(bar.to)]
      // A frame would cover a very small bar.
      if (right - left > 6) context.strokeRect(left + 0.5, top(bar.lane) + 0.5, right - left - 1, barHeight - 1)
      else context.strokeRect(left, top(bar.lane) - 1.5, Math.max(1, right - left), 0.5)
      const next = scene.path[i + 1]
      if (next === undefined) return
      context.beginPath()
      context.moveTo(right, top(bar.lane) + barHeight / 2)
      context.lineTo(x(next.from), top(next.lane) + barHeight / 2)
      context.stroke()
    })
  }
}
