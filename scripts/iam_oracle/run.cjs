// Asks the npm package @cloud-copilot/iam-simulate for its verdicts: one case a line in; a line out with the verdict and
// the context it was given under.
//
//   node scripts/iam_oracle/run.cjs DIR < cases.jsonl > verdicts.jsonl
//
// DIR is a folder in which `npm install @cloud-copilot/iam-simulate` was run; nothing of the package is part of Remit.
const { createRequire } = require('node:module');
const path = require('node:path');
const readline = require('node:readline');

const oracle = createRequire(path.resolve(process.argv[2], 'anchor.js'))('@cloud-copilot/iam-simulate');
const named = (documents) => documents.map((policy, index) => ({ name: `p${index}`, policy }));

function simulation(given) {
  const stranger = given.principal === '';
  const found = {
    request: {
      action: given.action,
      principal: stranger ? oracle.anonymousPrincipal : given.principal,
      resource: { resource: given.resource, accountId: given.account },
      contextVariables: given.context,
    },
    identityPolicies: given.identity ? named([given.identity]) : [],
    serviceControlPolicies: (given.scps ?? []).map((policy, index) => ({ orgIdentifier: `ou-${index}`, policies: named([policy]) })),
    resourceControlPolicies: given.rcp ? [{ orgIdentifier: 'ou-0', policies: named([given.rcp]) }] : [],
  };
  if (given.resource_policy) found.resourcePolicy = given.resource_policy;
  if (given.boundary) found.permissionBoundaryPolicies = named([given.boundary]);
  if (given.session) found.sessionPolicy = given.session;
  return found;
}

// The package leaves keys out of a request that AWS does not send for the action: both engines must judge without them.
async function sent(given) {
  const [service, action] = given.action.split(':');
  const known = await oracle.allowedContextKeysForRequest(service, action, given.resource, false);
  const allowed = known.map((key) => key.toLowerCase().split('${')[0]);
  const isSent = (key) => allowed.some((name, index) => (known[index].includes('${') ? key.startsWith(name) : key === name));
  return Object.fromEntries(Object.entries(given.context).filter(([key]) => isSent(key.toLowerCase())));
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let answer;
    try {
      const given = JSON.parse(line);
      given.context = await sent(given);
      const found = await oracle.runSimulation(simulation(given), {});
      answer = { verdict: found.overallResult ?? `error: ${JSON.stringify(found.errors).slice(0, 300)}`, context: given.context };
    } catch (error) {
      answer = { verdict: `error: ${error.message}`, context: {} };
    }
    process.stdout.write(JSON.stringify(answer) + '\n');
  }
}

main();
