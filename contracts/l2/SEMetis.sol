// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IEMetis} from "../interfaces/IEMetis.sol";
import {ISEMetis} from "../interfaces/ISEMetis.sol";
import {RewardStream} from "../libraries/RewardStream.sol";
import {PermitToken} from "./PermitToken.sol";

/// @title SEMetis
/// @notice See {ISEMetis}.
/// @dev Everything that moves shares or assets first brings the stream to the present with the shares there were, and
/// emits the stream after it. The asset is our own token, without hooks: it cannot call back.
contract SEMetis is ISEMetis, ERC4626, PermitToken {
    using RewardStream for RewardStream.Stream;

    /// @inheritdoc ISEMetis
    uint256 public constant MIN_VESTING_SHARES = 1e18;

    /// @notice Mints eMetis to this vault, adds rewards, takes losses.
    address public immutable STAKING_POOL;

    RewardStream.Stream private _stream;

    /// @inheritdoc ISEMetis
    uint256 public closedUntil;

    modifier onlyStakingPool() {
        require(msg.sender == STAKING_POOL, SEMetis__OnlyStakingPool(msg.sender));
        _;
    }

    constructor(IEMetis eMetis, address stakingPool) ERC4626(eMetis) PermitToken("Staked eMetis", "seMetis") {
        STAKING_POOL = stakingPool;
    }

    /// @inheritdoc ISEMetis
    function depositMinted(uint256 assets, address receiver) external onlyStakingPool returns (uint256 shares) {
        return _stake(assets, receiver);
    }

    /// @inheritdoc ISEMetis
    function addReward(uint256 reward, uint256 duration) external onlyStakingPool {
        (RewardStream.Stream memory current, ) = _current();
        uint256 expected = uint256(current.assets) + current.unvested + reward;
        uint256 balance = IEMetis(asset()).balanceOf(address(this));
        require(balance >= expected, SEMetis__RewardMissing(balance, expected));
        uint256 donated = balance - expected;
        current.add(reward + donated, duration);
        _stream = current;
        emit RewardAdded(reward, donated, current.assets, current.unvested, current.vestedAt, current.endsAt);
    }

    /// @inheritdoc ISEMetis
    function absorbLoss(uint256 loss, uint256 until) external onlyStakingPool returns (uint256 burned) {
        (RewardStream.Stream memory current, ) = _current();
        (uint256 fromUnvested, uint256 fromAssets) = current.absorb(loss);
        if (until != 0) {
            current.isClosed = true;
            closedUntil = until;
            emit ClosedUntilSet(until);
        }
        _stream = current;
        emit LossAbsorbed(fromUnvested, fromAssets, current.assets, current.unvested, current.vestedAt, current.endsAt);
        burned = fromUnvested + fromAssets;
        IEMetis(asset()).burn(address(this), burned);
    }

    /// @inheritdoc ISEMetis
    function burnUnvested(uint256 assets) external onlyStakingPool returns (bool isBurned) {
        (RewardStream.Stream memory current, ) = _current();
        if (assets > current.unvested) return false;
        current.absorb(assets);
        _stream = current;
        emit UnvestedBurned(assets, current.assets, current.unvested, current.vestedAt, current.endsAt);
        IEMetis(asset()).burn(address(this), assets);
        return true;
    }

    /// @inheritdoc ISEMetis
    function reopen() external onlyStakingPool {
        _stream.isClosed = false;
        closedUntil = 0;
        emit ClosedUntilSet(0);
    }

    /// @inheritdoc ISEMetis
    function stream() external view returns (uint256 assets, uint256 unvested, uint256 vestedAt, uint256 endsAt) {
        RewardStream.Stream memory stored = _stream;
        return (stored.assets, stored.unvested, stored.vestedAt, stored.endsAt);
    }

    /// @inheritdoc ISEMetis
    function unvestedAssets() external view returns (uint256 assets) {
        (RewardStream.Stream memory current, ) = _current();
        return current.unvested;
    }

    /// @inheritdoc IERC4626
    function deposit(uint256 assets, address receiver) public override(ERC4626, IERC4626) returns (uint256 shares) {
        shares = _stake(assets, receiver);
        _pull(assets);
    }

    /// @inheritdoc IERC4626
    function mint(uint256 shares, address receiver) public override(ERC4626, IERC4626) returns (uint256 assets) {
        (RewardStream.Stream memory current, uint256 supply) = _current();
        require(_takesDeposits(current, supply), ERC4626ExceededMaxMint(receiver, shares, 0));
        assets = Math.mulDiv(shares, uint256(current.assets) + 1, supply + 1, Math.Rounding.Ceil);
        _enter(current, supply, receiver, assets, shares);
        _pull(assets);
    }

    /// @inheritdoc IERC4626
    function withdraw(
        uint256 assets,
        address receiver,
        address owner
    ) public override(ERC4626, IERC4626) returns (uint256 shares) {
        (RewardStream.Stream memory current, uint256 supply) = _current();
        shares = Math.mulDiv(assets, supply + 1, uint256(current.assets) + 1, Math.Rounding.Ceil);
        // The same as `assets` being above what the owner's shares are worth, rounded down.
        if (current.isClosed || shares > balanceOf(owner)) {
            revert ERC4626ExceededMaxWithdraw(owner, assets, maxWithdraw(owner));
        }
        _leave(current, supply, receiver, owner, assets, shares);
    }

    /// @inheritdoc IERC4626
    function redeem(
        uint256 shares,
        address receiver,
        address owner
    ) public override(ERC4626, IERC4626) returns (uint256 assets) {
        (RewardStream.Stream memory current, uint256 supply) = _current();
        if (current.isClosed || shares > balanceOf(owner)) {
            revert ERC4626ExceededMaxRedeem(owner, shares, maxRedeem(owner));
        }
        assets = Math.mulDiv(shares, uint256(current.assets) + 1, supply + 1);
        _leave(current, supply, receiver, owner, assets, shares);
    }

    /// @notice Wei of eMetis that count: booked, and vested until this second.
    function totalAssets() public view override(ERC4626, IERC4626) returns (uint256) {
        (RewardStream.Stream memory current, ) = _current();
        return current.assets;
    }

    /// @notice 0 while closed, and while a loss has left shares without assets; else without limit.
    /// @dev Fewer shares than {MIN_VESTING_SHARES} do not shut the door: nothing would vest to open it again.
    function maxDeposit(address) public view override(ERC4626, IERC4626) returns (uint256) {
        (RewardStream.Stream memory current, uint256 supply) = _current();
        return _takesDeposits(current, supply) ? type(uint256).max : 0;
    }

    /// @notice As {maxDeposit}, in shares.
    function maxMint(address receiver) public view override(ERC4626, IERC4626) returns (uint256) {
        return maxDeposit(receiver);
    }

    /// @notice 0 while closed; else what `owner`'s shares are worth, rounded down.
    function maxWithdraw(address owner) public view override(ERC4626, IERC4626) returns (uint256) {
        return convertToAssets(maxRedeem(owner));
    }

    /// @notice 0 while closed; else `owner`'s shares.
    function maxRedeem(address owner) public view override(ERC4626, IERC4626) returns (uint256) {
        (RewardStream.Stream memory current, ) = _current();
        return current.isClosed ? 0 : balanceOf(owner);
    }

    /// @notice 18.
    function decimals() public view override(ERC20, ERC4626, IERC20Metadata) returns (uint8) {
        return ERC4626.decimals();
    }

    function _stake(uint256 assets, address receiver) private returns (uint256 shares) {
        (RewardStream.Stream memory current, uint256 supply) = _current();
        require(_takesDeposits(current, supply), ERC4626ExceededMaxDeposit(receiver, assets, 0));
        shares = Math.mulDiv(assets, supply + 1, uint256(current.assets) + 1);
        _enter(current, supply, receiver, assets, shares);
    }

    function _enter(
        RewardStream.Stream memory current,
        uint256 supply,
        address receiver,
        uint256 assets,
        uint256 shares
    ) private {
        require(shares != 0, SEMetis__NoShares(assets));
        _mint(receiver, shares);
        _book(current, current.assets + assets, supply, supply + shares);
        emit Deposit(msg.sender, receiver, assets, shares);
    }

    function _leave(
        RewardStream.Stream memory current,
        uint256 supply,
        address receiver,
        address owner,
        uint256 assets,
        uint256 shares
    ) private {
        if (msg.sender != owner) _spendAllowance(owner, msg.sender, shares);
        _burn(owner, shares);
        _book(current, current.assets - assets, supply, supply - shares);
        emit Withdraw(msg.sender, receiver, owner, assets, shares);
        // Ours: it reverts where it cannot transfer, here and in _pull.
        IEMetis(asset()).transfer(receiver, assets);
    }

    function _pull(uint256 assets) private {
        IEMetis(asset()).transferFrom(msg.sender, address(this), assets);
    }

    /// @dev What rounding leaves to the holders stays in the price only where shares are many. Where they are few it
    /// could be pumped up by a loop of deposits and withdrawals, so it joins the stream.
    function _book(RewardStream.Stream memory current, uint256 assets, uint256 supply, uint256 newSupply) private {
        uint256 limit = type(uint256).max;
        if (supply < MIN_VESTING_SHARES || newSupply < MIN_VESTING_SHARES) {
            limit = RewardStream.assetsAtSamePrice(current.assets, supply, newSupply);
        }
        current.book(assets, limit);
        _stream = current;
        emit StreamUpdated(current.assets, current.unvested, current.vestedAt, current.endsAt);
    }

    /// @dev The stream at this second, with the shares there are; the flag is down once the time is over.
    function _current() private view returns (RewardStream.Stream memory current, uint256 supply) {
        current = _stream;
        supply = totalSupply();
        if (supply < MIN_VESTING_SHARES) current.postpone(block.timestamp);
        else current.checkpoint(block.timestamp);
        if (current.isClosed && block.timestamp >= closedUntil) current.isClosed = false;
    }

    function _takesDeposits(RewardStream.Stream memory current, uint256 supply) private pure returns (bool) {
        return !current.isClosed && (current.assets != 0 || supply < MIN_VESTING_SHARES);
    }
}
