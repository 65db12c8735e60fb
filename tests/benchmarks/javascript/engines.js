// Answers requests, one line of JSON each: {engine, rule} makes an engine ready; {cases} grades cases one after another and says how many seconds
// that took.
import { createInterface } from 'node:readline'

const GRADES = ['fair', 'good', 'excellent', 'poor'] // of the rules that hold, the last one decides

const makers = {
  async 'json-logic-engine' (rule) {
    const { LogicEngine } = await import('json-logic-engine')
    return new LogicEngine().build(rule)
  },
  async 'json-rules-engine' ({ rules, counts }) {
    const { Engine } = await import('json-rules-engine')
    const engine = new Engine(rules)
    return async ranks => {
      const facts = { ...ranks }
      for (const [name, [ids, least, most]] of Object.entries(counts)) {
        facts[name] = ids.filter(id => ranks[id] >= least && ranks[id] <= most).length
      }
      const answer = await engine.run(facts) // its results and failureResults hold every condition with what came of it
      return answer.events.reduce((best, { type }) => GRADES.indexOf(type) > GRADES.indexOf(best) ? type : best, 'fair')
    }
  }
}

let grade
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line)
  if (request.engine) {
    grade = await makers[request.engine](request.rule)
    console.log('{}')
    continue
  }
  const grades = []
  const start = process.hrtime.bigint()
  for (const each of request.cases) {
    const answer = grade(each)
    grades.push(answer instanceof Promise ? await answer : answer)
  }
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  console.log(JSON.stringify({ grades, seconds }))
}
