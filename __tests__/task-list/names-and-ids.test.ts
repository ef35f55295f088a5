import {describe, expect, test} from '@jest/globals'
import {ListReader} from './lists.ts'

const lists = new ListReader()
const names = (text: string) => lists.tasks(text).map(({name}) => name)
const ids = (text: string) => lists.tasks(text).map(({id}) => id)

describe('the name of a task', () => {
  test('is the one it was given, on one line', () => {
    expect(names('- {run: x, name: unit tests}\n- {run: x, name: " a\\n\\tb "}\n- {run: x, name: 2024}')).toEqual([
      'unit tests',
      'a b',
      '2024'
    ])
  })

  test('is the first line of its script that is not blank', () => {
    expect(names('- |\n\n    ./build.ps1 -Fast\n    ./test.ps1\n')).toEqual(['./build.ps1 -Fast'])
  })

  test('is its file as it was given', () => {
    expect(names('- file: ./scripts/deploy.ps1')).toEqual(['./scripts/deploy.ps1'])
  })

  test('says nothing of parameters', () => {
    expect(names('- {file: build.ps1, parameters: {Token: secret}}')).toEqual(['build.ps1'])
  })

  test('is cut where a default is long, but not where it was given', () => {
    const [name = ''] = names(`- ${'x'.repeat(200)}`)
    expect(name).toBe(`${'x'.repeat(79)}…`)
    expect(names(`- {run: x, name: ${'x'.repeat(200)}}`)).toEqual(['x'.repeat(200)])
  })

  test('is cut after a word where there are several: of a secret the runner masks nothing less than the whole', () => {
    expect(names(`- ./deploy.ps1 -Token ${'s'.repeat(70)}`)).toEqual(['./deploy.ps1 -Token…'])
    expect(names(`- ${'x'.repeat(39)} ${'y'.repeat(39)} z`)).toEqual([`${'x'.repeat(39)} ${'y'.repeat(39)}…`])
    expect(names(`- ${'x'.repeat(39)} ${'y'.repeat(40)} z`)).toEqual([`${'x'.repeat(39)}…`])
  })

  test('is not cut between the halves of a character', () => {
    expect(names(`- ${'x'.repeat(78)}😀${'x'.repeat(9)}`)).toEqual([`${'x'.repeat(78)}…`])
  })

  test('has control characters replaced by spaces', () => {
    expect(names('- "a\\e[31mb\\0c"')).toEqual(['a [31mb c'])
  })
})

describe('with foreach the default name has the item', () => {
  test('at its place in the line', () => {
    expect(names('- {run: "./deploy.ps1 -Region $_", foreach: [eu, us]}')).toEqual(['./deploy.ps1 -Region eu', './deploy.ps1 -Region us'])
    expect(names('- {run: "./deploy.ps1 $_.Region", foreach: [{region: eu}]}')).toEqual(['./deploy.ps1 eu'])
  })

  test('in brackets at the end if the line has no place for it', () => {
    expect(names('- {run: "./deploy.ps1", foreach: [eu, 5]}')).toEqual(['./deploy.ps1 (eu)', './deploy.ps1 (5)'])
    expect(names('- {run: "./a.ps1", foreach: [{region: eu, stage: [x, y]}]}')).toEqual(['./a.ps1 (eu, x, y)'])
  })

  test('in brackets behind a file, and behind a given name that has no $_', () => {
    expect(names('- {file: build.ps1, foreach: [eu]}')).toEqual(['build.ps1 (eu)'])
    expect(names('- {run: x, name: deploy, foreach: [eu, us]}')).toEqual(['deploy (eu)', 'deploy (us)'])
  })

  test('as it was given with $_', () => {
    expect(names('- {run: x, name: to $_, foreach: [eu, us]}')).toEqual(['to eu', 'to us'])
  })

  test('not again where a path has it already', () => {
    expect(names('- {file: src/$_/index.ps1, foreach: [api]}')).toEqual(['src/api/index.ps1'])
  })

  test('cut rather in the line than in the item', () => {
    const [name = ''] = names(`- {run: ${'x'.repeat(200)}, foreach: [eu]}`)
    expect(name).toBe(`${'x'.repeat(74)}… (eu)`)
  })

  test('not at all where the item has no text', () => {
    expect(names('- {run: x, foreach: [null, "", []]}')).toEqual(['x', 'x (2)', 'x (3)'])
  })
})

test('each file of a glob is named, with a given name before it', () => {
  expect(names('- file: tests/*.Tests.ps1')).toEqual(['tests/api.Tests.ps1', 'tests/web.Tests.ps1'])
  expect(names('- {file: tests/w*.ps1, name: test}')).toEqual(['test (tests/web.Tests.ps1)'])
})

describe('equal names', () => {
  test('are numbered where they are defaults', () => {
    expect(names('./a.ps1\n./a.ps1\n./b.ps1\n./a.ps1')).toEqual(['./a.ps1', './a.ps1 (2)', './b.ps1', './a.ps1 (3)'])
  })

  test('are numbered around the names that were given', () => {
    expect(names('- a\n- {run: x, name: a}\n- {run: x, name: a (2)}\n- a')).toEqual(['a (3)', 'a', 'a (2)', 'a (4)'])
  })

  test('may differ in case alone', () => {
    expect(names('- {run: x, name: a}\n- {run: x, name: A}')).toEqual(['a', 'A'])
  })
})

describe('the id of a task', () => {
  test.each([
    ['./build.ps1 -Fast', 'build_ps1_Fast'],
    ['unit tests', 'unit_tests'],
    ['  --a--  ', 'a'],
    ['2nd', '_2nd'],
    ['Größe café', 'Große_cafe'],
    ['Строй 2', 'Строй_2'],
    ['重步骤线', '重步骤线'],
    ['がんばる', 'がんばる'],
    ['빌드 x', '빌드_x'],
    ['ａｂｃ ①', 'abc_1'],
    ['𐐀 deploy 🚀', 'deploy'],
    ['构建', '构建'],
    ['a_b__c', 'a_b_c']
  ])('is made of the name: %s', (name, id) => {
    expect(ids(`- {run: x, name: "${name}"}`)).toEqual([id])
  })

  test('is the one it was given', () => {
    expect(ids('- {run: x, id: a-b_C9}')).toEqual(['a-b_C9'])
  })

  test('is numbered where it is a default, without regard to case', () => {
    expect(ids('- a\n- A\n- {run: x, id: a_3}\n- a')).toEqual(['a', 'A_2', 'a_3', 'a_4'])
  })

  test('gives way to one that was given later', () => {
    expect(ids('- build\n- {run: x, id: build}')).toEqual(['build_2', 'build'])
  })

  test('of a member of a group is numbered behind the one that was given', () => {
    expect(ids('- {run: x, id: deploy, foreach: [eu, us]}')).toEqual(['deploy_1', 'deploy_2'])
    expect(ids('- {file: tests/*.Tests.ps1, id: tests}')).toEqual(['tests_1', 'tests_2'])
    expect(ids('- {file: tests/w*.ps1, id: tests}')).toEqual(['tests_1'])
  })

  test('of a member of a group without one is made of its own name', () => {
    expect(ids('- {run: x, name: deploy, foreach: [eu, us]}')).toEqual(['deploy_eu', 'deploy_us'])
  })

  test('runs through the files of every item', () => {
    expect(ids('- {file: "$_/*.ps1", id: all, foreach: [tests, app]}')).toEqual(['all_1', 'all_2', 'all_3', 'all_4'])
  })
})

test('a member of a foreach knows the id of its group, and a task of its own has none', () => {
  const tasks = lists.tasks('- {id: deploy, run: x, foreach: [1, 2]}\n- {run: $_, foreach: [a]}\n- y')
  expect(tasks.map(({group}) => group)).toEqual(['deploy', 'deploy', 'task', undefined])
})
