import {render} from 'preact'
import {App} from './app.tsx'
import {loadData} from './load-data.ts'
import {runModel} from './run-model.ts'

const place = document.getElementById('page') as HTMLElement

loadData().then(
  data => render(<App model={runModel(data)} />, place),
  (error: unknown) => {
    place.textContent = `This report is damaged and cannot be shown: ${error instanceof Error ? error.message : String(error)}`
  }
)
