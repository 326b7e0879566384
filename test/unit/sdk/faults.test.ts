import { readFileSync } from "node:fs";
import path from "node:path";
import { inspect } from "node:util";

import { expect } from "chai";
import ts from "typescript";

import type { Context } from "../../../sdk/src/context";
import { EMetisError } from "../../../sdk/src/errors";
import type { Side } from "../../../sdk/src/types";
import { sdkContext } from "../../helpers/sdk/context";
import {
  type FaultCase,
  type FaultyWorld,
  faultCases,
  faultyWorld,
  otherwiseTested,
} from "../../helpers/sdk/faultCases";
import {
  type Fault,
  answering,
  failing,
  faulty,
  forkedHash,
  forking,
  hanging,
  late,
  losingLogs,
  onChain,
  outOfOrder,
  recording,
  refusingRanges,
} from "../../helpers/sdk/faultyProvider";
import { rejectionOf } from "../../helpers/sdk/thrownBy";

type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** What a node may answer to anything, and is never right. */
const garbage: Readonly<Record<string, unknown>> = {
  ...{ nothing: undefined, null: null, "a number": -7, "an object": {}, "a list": [null], "a list of objects": [{}] },
  ...{ "no bytes": "0x", "few bytes": "0xdeadbeef", "many bytes": `0x${"ff".repeat(3_000)}`, words: "internal error" },
};

/** Of how many requests one is made to fail, at most. */
const greatestMiddle = 6;
const entry = path.join(__dirname, "..", "..", "..", "sdk", "src", "index.ts");

/** Exported functions that return a promise, by their declarations. */
function asyncExports(): readonly string[] {
  const parse = (file: string) => ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022);
  return parse(entry)
    .statements.filter(ts.isExportDeclaration)
    .flatMap(({ exportClause, moduleSpecifier }) => {
      if (exportClause === undefined || moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier))
        return [];
      const source = parse(path.join(path.dirname(entry), `${moduleSpecifier.text}.ts`));
      const wanted = ts.isNamedExports(exportClause) ? exportClause.elements.map(({ name }) => name.text) : undefined;
      return source.statements
        .filter(ts.isFunctionDeclaration)
        .filter(({ type }) => type?.getText(source).startsWith("Promise<") === true)
        .map(({ name }) => name?.text ?? "")
        .filter((name) => wanted?.includes(name) ?? true);
    });
}

describe("The functions that are tried on a node that misbehaves", () => {
  const tried = faultCases.map(({ name }) => name.split(" ")[0]);

  it("are all that the package exports and that ask one", () => {
    const exported = [...new Set(asyncExports())];
    expect([...new Set([...tried, ...Object.keys(otherwiseTested)])]).to.have.members(exported);
  });

  it("are not also said to be tested elsewhere", () => {
    expect(tried).to.not.include.members(Object.keys(otherwiseTested));
  });
});

describe("A node that misbehaves", () => {
  const escaped: unknown[] = [];
  const listener = (reason: unknown) => escaped.push(reason);
  let world: FaultyWorld;
  let healthy: Context;
  /** The right answer of each case, read once: the world is the same for each test. */
  const right = new Map<string, unknown>();

  // Once: nothing here changes the chains.
  before(async () => {
    process.on("unhandledRejection", listener);
    world = await faultyWorld();
    healthy = sdkContext(world);
  });

  after(async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    process.off("unhandledRejection", listener);
    expect(escaped, "unhandled rejections").to.deep.equal([]);
  });

  /** The context with a fault on one chain, and patience that a test has. */
  const ill = (side: Side, ...faults: readonly Fault[]): Context => ({
    ...healthy,
    timeout: 2_000,
    [side]: faulty(healthy[side], ...faults),
  });
  const outcomeOf = ({ run }: FaultCase, context: Context): Promise<Outcome> =>
    run(context, world).then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
  /** What the function asks a healthy node, one after another. */
  const methodsOf = async ({ run }: FaultCase, side: Side) => {
    const { fault, methods } = recording();
    await run(ill(side, fault), world);
    return methods;
  };
  const rightOf = async (one: FaultCase) => {
    if (!right.has(one.name)) right.set(one.name, await one.run(healthy, world));
    return { value: right.get(one.name) };
  };
  const expectRight = async (one: FaultCase, context: Context) => {
    expect(await outcomeOf(one, context)).to.deep.equal(await rightOf(one));
  };
  /** A named error that says what to do; an answer only if it is the right one. */
  const expectRightOrNamed = async (one: FaultCase, context: Context) => {
    const outcome = await outcomeOf(one, context);
    const expected = await rightOf(one);
    const isNamed =
      "error" in outcome && outcome.error instanceof EMetisError && /[:,.] .*\.$/.test(outcome.error.message);
    expect(isNamed ? expected : outcome).to.deep.equal(expected);
  };
  /** As above, or what is right on a fork, if it says that it is of the fork. */
  const expectRightNamedOrOf = async (blockHash: string, one: FaultCase, context: Context) => {
    const outcome = await outcomeOf(one, context);
    const isOfFork = one.namesBlocks === true && inspect(outcome, { depth: null }).includes(blockHash);
    if (!isOfFork) await expectRightOrNamed(one, context);
  };
  const expectError = async (one: FaultCase, context: Context, ...names: readonly string[]) => {
    const error = await rejectionOf(one.run(context, world));
    expect(error).to.be.instanceOf(EMetisError);
    expect((error as EMetisError).name).to.be.oneOf(names);
  };

  for (const one of faultCases) {
    describe(`leaves ${one.name}`, () => {
      for (const side of one.sides) {
        const at = one.sides.length > 1 ? ` (${side})` : "";

        it(`with a named error when it is down${at}`, async () => {
          await expectError(one, ill(side, failing()), "RpcError", "LogRangeError");
        });

        it(`with a named error when it hangs${at}`, async () => {
          await expectError(one, { ...ill(side, hanging()), timeout: 30 }, "RpcTimeoutError", "LogRangeError");
        });

        it(`with the right answer or a named error when it fails, or hangs, in the middle${at}`, async () => {
          const count = Math.min(greatestMiddle, (await methodsOf(one, side)).length);
          for (let answered = 1; answered < count; answered++) {
            let asked = 0;
            const later =
              (fault: Fault): Fault =>
              async (request, proceed) =>
                asked++ < answered ? proceed() : fault(request, proceed);
            await expectRightOrNamed(one, ill(side, later(failing())));
            asked = 0;
            await expectRightOrNamed(one, { ...ill(side, later(hanging())), timeout: 100 });
          }
        });

        it(`with the right answer when it is late or out of order${at}`, async () => {
          await expectRight(one, ill(side, late(5)));
          await expectRight(one, ill(side, outOfOrder(3)));
        });

        it(`with the right answer or a named error when it answers garbage${at}`, async () => {
          const methods = new Set(await methodsOf(one, side));
          for (const answer of Object.values(garbage)) {
            for (const method of methods) {
              await expectRightOrNamed(one, ill(side, answering(answer, { methods: [method] })));
            }
          }
        });

        it(`at once when the signal is aborted${at}`, async () => {
          const controller = new AbortController();
          const running = one.run({ ...ill(side, hanging()), signal: controller.signal }, world);
          setTimeout(() => {
            controller.abort();
          }, 5);
          expect(await rejectionOf(running)).to.include({ name: "AbortedError" });
        });
      }

      for (const side of one.isBlind === true ? [] : one.sides) {
        it(`with the name of the mistake on another chain (${side})`, async () => {
          const error = await rejectionOf(one.run(ill(side, onChain(5)), world));
          expect(error).to.include({ name: "ChainMismatchError", side, actual: 5 });
        });
      }

      if (one.isBlind !== true) {
        it("with the name of the mistake when the providers are swapped", async () => {
          const error = await rejectionOf(one.run({ ...healthy, l1: healthy.l2, l2: healthy.l1 }, world));
          expect(error).to.include({ name: "ChainMismatchError", isSwapped: true });
        });
      }

      for (const side of one.logs) {
        it("with the right answer when it gives few blocks at a time", async () => {
          for (const blocks of [2, 9]) await expectRight(one, ill(side, refusingRanges(blocks)));
        });

        it("with a named error when it gives no logs", async () => {
          await expectError(one, ill(side, refusingRanges(0)), "LogRangeError");
        });
      }

      for (const side of one.isBlind === true || one.isUncounted === true ? [] : one.logs) {
        it("with the right answer or a named error when it loses logs", async () => {
          for (const blocks of [1, 3, 10]) await expectRightOrNamed(one, ill(side, losingLogs(blocks)));
        });

        it("with the right answer or a named error while it follows a fork of 3 blocks, and the right one after", async () => {
          const head = await healthy[side].getBlockNumber();
          const fork = forking({ head, depth: 3 });
          await expectRightNamedOrOf(forkedHash(head), one, ill(side, fork.fault));
          fork.end();
          await expectRight(one, ill(side, fork.fault));
        });

        it("with the right answer or a named error when a fork of 3 blocks ends in the middle", async () => {
          const head = await healthy[side].getBlockNumber();
          const count = (await methodsOf(one, side)).length;
          for (let answered = 1; answered < Math.min(greatestMiddle, count); answered++) {
            const fork = forking({ head, depth: 3 });
            let asked = 0;
            const ending: Fault = async (_request, proceed) => {
              if (asked++ === answered) fork.end();
              return proceed();
            };
            await expectRightOrNamed(one, ill(side, ending, fork.fault));
          }
        });
      }
    });
  }
});
