import { appendFileSync } from "node:fs";

import Mocha from "mocha";

/**
 * Mocha's usual report, and one line `<passed> <failed>` at the end of the file that the environment variable
 * `MOCHA_RESULTS` names. Several runs can share the file.
 */
export class ResultsReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const file = process.env.MOCHA_RESULTS;
    if (file === undefined) return;
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      appendFileSync(file, `${this.stats.passes} ${this.stats.failures}\n`);
    });
  }
}
