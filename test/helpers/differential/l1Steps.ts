/** Everything that can happen in a campaign on Ethereum. */
import type { Drawer } from "./l1Draw";
import * as user from "./l1UserSteps";
import * as exit from "./l1ExitSteps";
import * as power from "./l1PowerSteps";
import * as metis from "./l1MetisSteps";

/** Everything, with how often. */
export const drawers: Readonly<Record<string, readonly [number, Drawer]>> = {
  mintMetis: [4, user.mint],
  approveMetis: [4, user.approve],
  transferMetis: [6, user.transfer],
  bridgeArrival: [10, user.arrival],
  deposit: [20, user.deposit],
  sync: [5, user.sync],
  report: [9, user.report],
  resend: [3, user.resend],
  allocate: [16, user.allocate],
  harvest: [13, user.harvest],
  recall: [9, exit.recall],
  recallForNeed: [8, user.recallForNeed],
  needArrives: [4, exit.need],
  beginExit: [3, exit.beginExit],
  beginExitForNeed: [8, exit.beginExitForNeed],
  finishExit: [9, exit.finishExit],
  sweepVault: [3, user.sweepVault],
  sweepGateway: [2, user.sweepGateway],
  payCommission: [5, user.payCommission],
  pause: [1, power.pause],
  unpause: [2, power.unpause],
  setParameters: [2, power.setParameters],
  tightenParameters: [2, power.tightenParameters],
  configureVault: [8, power.configureVault],
  tightenVault: [2, power.tightenVault],
  submitRewards: [16, metis.submitRewards],
  forceUnlock: [2, metis.forceUnlock],
  setWhitelist: [3, metis.setWhitelist],
  setPoolPaused: [3, metis.setPoolPaused],
  setMinLock: [1, metis.setMinLock],
  setMaxLock: [1, metis.setMaxLock],
  setRewardPayer: [1, metis.setRewardPayer],
  writePosition: [4, metis.writePosition],
};
