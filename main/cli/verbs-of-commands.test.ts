import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { contract } from '../../preload/contract'
import { commandEntries } from '../../scripts/reference/commands'

/** Verbs of the command line that ask for it, or the reason why none does. */
type Answer = readonly string[] | string

const sql = 'sql reads it: the tables of the ledger and the datasets stand there by name'
const tidying = 'tidies what people look at in the window; no step, gate or export depends on it'
const canvas = 'serves the canvas of the window; a text file and pipeline check, save and show do the same'
const live = 'keeps the pages of the window up to date; a command prints once and ends'
const ofMachine = 'is about the program on this machine and its first screen, which the command line does not have'
const recovering = 'the recovery page asks for it without a path; workspace doctor and restore take one'

/** Every question and command of the contract. A new one needs a line here. */
const answers: Record<string, Record<string, Answer>> = {
  bundles: {
    list: ['bundle list'],
    decisions: ['bundle list'],
    rejections: ['model show'],
    takeDecisions: ['bundle take'],
    export: ['export'],
    inspect: ['verify'],
    forgetAsked: ofMachine,
    file: 'shows one file of a bundle; a bundle is a ZIP or a folder, which every system opens',
    reviewed: ofMachine,
    countersign: ['countersign'],
    keys: 'offers the keys of this machine in a form; the command line takes a key by its file',
    createKey: ['keygen'],
    savePublicKey: ['keygen'],
    saveCard: ['model card'],
    saveSheet: ['bundle sheet']
  },
  datasets: {
    list: ['dataset list'],
    get: ['dataset show', 'dataset misfits', 'profile'],
    previewImport: ['import'],
    import: ['import'],
    rows: sql,
    misfits: ['dataset misfits', 'import'],
    setColumns: ['init'],
    update: tidying,
    trash: tidying,
    restore: tidying,
    ledgerTables: sql,
    sql: ['sql']
  },
  experiments: {
    list: ['experiment list'],
    update: tidying,
    runs: ['runs', 'job list', 'model register'],
    runIds: 'selects all rows of a list in the window; runs prints them all',
    tradeOff: 'draws a picture; runs has the two metrics, experiment compare the verdict',
    run: ['model list', 'policy gate', 'model register'],
    find: ['experiment compare', 'model register'],
    evaluation: ['model evaluate'],
    origin: 'shows where a model comes from beside it; model import prints it, and the documents are in the bundle',
    glassBox: 'draws shapes; the table of points is in the card, and the document is in the bundle',
    settled: ['model show'],
    crossValidation: 'draws the folds; the figures stand in runs, and the document is in the bundle',
    training: 'draws curves; the document is in the bundle',
    curves: 'draws curves; sql reads the points by step',
    compare: ['experiment compare'],
    code: ['pipeline show'],
    annotate: tidying,
    setTag: tidying,
    trash: tidying,
    restore: tidying
  },
  features: { list: sql, get: sql, rows: sql },
  imports: {
    outline: 'shows a file in the form of an import before rows are chosen; model import reads it and says what is missing',
    draft: 'shows in the form of an import what the run of model import finds',
    place: ['model import']
  },
  jobs: {
    list: ['job list'],
    get: ['job logs', 'job cancel'],
    watch: ['job cancel', 'job logs'],
    watchActive: live,
    cancel: ['job cancel'],
    log: ['job logs'],
    followLog: ['job logs']
  },
  models: {
    list: ['models', 'model list'],
    versions: ['models', 'model list', 'run'],
    get: ['model show'],
    evaluations: ['model evaluate', 'model show'],
    register: ['model register'],
    setPurpose: ['model describe'],
    setStage: ['model stage'],
    gateReport: ['policy gate'],
    card: 'shows a page; export writes it into the bundle as MODEL_CARD'
  },
  people: {
    list: ['person list'],
    create: ['person add'],
    update: ['person roles'],
    use: ['person use'],
    leave: ['person leave'],
    retireKey: ['person retire-key'],
    createKey: ['person key'],
    addKey: ['person key'],
    publicKeyFile: 'shows a fingerprint before the key is taken in; who types person key --public is told it with what was done',
    addPublicKey: ['person key'],
    savePublicKey: ['person key']
  },
  pipelines: {
    list: ['pipeline list'],
    get: ['pipeline show', 'run'],
    stepTypes: 'fills the palette; guide reference/steps has every step type',
    validate: ['pipeline check', 'run'],
    edit: canvas,
    baseline: ['init'],
    baselineTargets: 'offers columns in a form; init takes --target and says which columns there are',
    runReports: 'leads from a dataset to the steps that checked it; experiment show and run have the report of a run',
    saveDraft: canvas,
    save: ['pipeline save', 'init', 'model import'],
    discardDraft: canvas,
    remove: tidying,
    restore: tidying,
    run: ['run', 'model import'],
    programs: 'asks before a window starts programs; who types run has named the pipeline, and workspace trust decides',
    foresee: ['run'],
    runs: ['workspace show'],
    getRun: ['job logs'],
    watchRun: ['run', 'job logs'],
    cancel: ['run', 'job cancel'],
    preview: ['run'],
    metrics: sql,
    log: ['job logs'],
    followLog: ['job logs'],
    lineage: 'draws a graph; verify and the bundle have it as lineage/provenance.slsa.json'
  },
  policies: {
    list: ['policy list'],
    get: ['policy show'],
    versions: ['policy show'],
    text: ['policy show', 'policy test'],
    check: ['policy check', 'policy test'],
    template: 'fills an empty picker of the window; init --template writes the same policy as a file',
    save: ['policy add', 'init'],
    gates: sql,
    gate: ['policy gate'],
    evaluate: ['policy gate']
  },
  quality: {
    run: ['profile'],
    list: sql,
    get: ['profile'],
    html: ['profile'],
    save: ['profile']
  },
  reproduce: { run: ['model reproduce'] },
  scoring: { file: ['score'] },
  explain: {
    file: ['model explain'],
    run: 'does by a click what the explain step of a pipeline does, and is kept with the run as its output is',
    saveSheet: 'saves what a panel of the window shows; model explain writes the sheet of a row of a file',
    ofRun: 'draws what the explain step found; its output and the bundle have the document',
    dependenceOfRun: 'draws what the explain step found; its output and the bundle have the document',
    panel: 'holds a model open while somebody changes values; model explain is asked with a file',
    row: 'fills the form of a panel; sql reads the rows',
    find: 'chooses a row for a panel; score writes the answer to each row of a file, and sql looks among them',
    ask: 'answers as one types; model explain is asked with a file',
    nearest: 'looks for another answer to what a panel shows; the explain document of model explain is asked with a file'
  },
  system: {
    info: ofMachine,
    program: ['program show'],
    diagnosis: ['program diagnose'],
    saveDiagnosis: ['program diagnose'],
    changes: live,
    preferences: ofMachine,
    setPreferences: ofMachine
  },
  updates: { state: ['update list'], check: ['update check'], apply: ['update apply'], back: ['update back'] },
  workspace: {
    examineDamaged: recovering,
    repairDamaged: recovering,
    salvageDamaged: recovering,
    restoreBackup: recovering,
    openMended: recovering,
    leaveDamaged: recovering,
    status: ['workspace show'],
    create: ['init'],
    open: 'every command opens the workspace of -w, or asks who has it open',
    close: 'every command closes what it opened',
    setTrust: ['workspace trust', 'workspace distrust'],
    rename: tidying,
    recent: ofMachine,
    forget: ofMachine,
    sampleDefault: ofMachine,
    createSample: ['sample'],
    overview: 'is the first page of a workspace; workspace show, runs and models have what it sums up',
    events: ['record check']
  }
}

const asked = Object.entries(contract).flatMap(([feature, verbs]) => Object.keys(verbs).map((verb) => `${feature}.${verb}`))
const answered = new Map(
  Object.entries(answers).flatMap(([feature, verbs]) => Object.entries(verbs).map(([verb, answer]) => [`${feature}.${verb}`, answer]))
)
const isReason = (answer: Answer): answer is string => typeof answer === 'string'
const sources = readdirSync(__dirname)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => readFileSync(join(__dirname, name), 'utf8'))
  .join('\n')

it('has for everything that a window can ask a verb of the command line or a reason, and for nothing else', () => {
  expect([...answered.keys()].sort()).toEqual(asked.sort())
  for (const [name, answer] of answered) if (isReason(answer)) expect([name, answer.split(' ').length > 4]).toEqual([name, true])
})

it('names verbs that there are', () => {
  const specs = commandEntries().map(({ spec }) => spec)
  const named = [...answered.values()].flatMap((answer) => (isReason(answer) ? [] : answer))
  expect(named.filter((verb) => !specs.includes(verb))).toEqual([])
})

it('gives no reason for what the command line asks for by now', () => {
  const reached = asked.filter((name) => new RegExp(`\\b${name.replace('.', '\\.')}\\b`).test(sources))
  expect(reached.length).toBeGreaterThan(30)
  expect(reached.filter((name) => isReason(answered.get(name)!))).toEqual([])
})
