"use strict";

module.exports = {
  skipFiles: ["local/", "interfaces/"],
  // Without it the unoptimised events of StakingPool run out of stack.
  configureYulOptimizer: true,
  istanbulReporter: ["json", "html", "text-summary"],
};
