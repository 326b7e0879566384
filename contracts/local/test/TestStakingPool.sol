// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IEMetis} from "../../interfaces/IEMetis.sol";
import {ISEMetis} from "../../interfaces/ISEMetis.sol";

/// @title TestStakingPool
/// @notice Plays StakingPool for the tests of the tokens: anyone may have it mint, burn, reward and take losses. It books no
/// METIS and sends no messages.
contract TestStakingPool {
    IEMetis public immutable E_METIS;
    ISEMetis public immutable SE_METIS;

    constructor(IEMetis eMetis, ISEMetis seMetis) {
        E_METIS = eMetis;
        SE_METIS = seMetis;
    }

    /// @notice Mints `assets` wei of eMetis to `receiver`.
    function mint(address receiver, uint256 assets) external {
        E_METIS.mint(receiver, assets);
    }

    /// @notice Burns `assets` wei of `owner`'s eMetis.
    function burn(address owner, uint256 assets) external {
        E_METIS.burn(owner, assets);
    }

    /// @notice Mints `assets` wei of eMetis and stakes them for `receiver`, as `depositAndStake` does.
    function depositMinted(uint256 assets, address receiver) external returns (uint256 shares) {
        E_METIS.mint(address(SE_METIS), assets);
        return SE_METIS.depositMinted(assets, receiver);
    }

    /// @notice Mints `reward` wei of eMetis and adds them to the stream.
    function addReward(uint256 reward, uint256 duration) external {
        E_METIS.mint(address(SE_METIS), reward);
        SE_METIS.addReward(reward, duration);
    }

    /// @notice Adds a reward that was never minted.
    function addMissingReward(uint256 reward, uint256 duration) external {
        SE_METIS.addReward(reward, duration);
    }

    /// @notice Has the vault absorb `loss` wei and close until `closedUntil`.
    function absorbLoss(uint256 loss, uint256 closedUntil) external returns (uint256 burned) {
        return SE_METIS.absorbLoss(loss, closedUntil);
    }

    /// @notice Has the vault burn `assets` wei of what has not vested.
    function burnUnvested(uint256 assets) external returns (bool isBurned) {
        return SE_METIS.burnUnvested(assets);
    }

    /// @notice Opens the vault.
    function reopen() external {
        SE_METIS.reopen();
    }
}
