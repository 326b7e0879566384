// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ERC165Checker} from "@openzeppelin/contracts/utils/introspection/ERC165Checker.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

import {IGasPriceOracle} from "../../interfaces/metis/IGasPriceOracle.sol";
import {IL2StandardBridge} from "../../interfaces/metis/IL2StandardBridge.sol";
import {IL2StandardERC20} from "../../interfaces/metis/IL2StandardERC20.sol";
import {LocalL1StandardBridge} from "../l1/LocalL1StandardBridge.sol";

import {LocalInitializable} from "./LocalInitializable.sol";
import {LocalL2Messenger} from "./LocalL2Messenger.sol";

/// @title LocalL2StandardBridge
/// @notice Local only. L2StandardBridge at 0x4200000000000000000000000000000000000010.
/// @dev Keeps: the fee of a withdrawal, all of `msg.value`, no refund; burn before the message; the check of the token at a deposit; a deposit that fails
/// the check is lost, nothing is sent back; a `mint` that reverts leaves the message to be tried again. Leaves out: all of bridged ETH.
contract LocalL2StandardBridge is IL2StandardBridge, LocalInitializable {
    using Strings for uint256;

    address internal constant GAS_PRICE_ORACLE = 0x420000000000000000000000000000000000000F;
    address internal constant SEQUENCER_FEE_WALLET = 0x4200000000000000000000000000000000000011;
    address internal constant MVM_COINBASE = 0xDeadDeAddeAddEAddeadDEaDDEAdDeaDDeAD0000;

    address public messenger;
    address public l1TokenBridge;

    modifier onlyL1Bridge() {
        require(msg.sender == messenger, "OVM_XCHAIN: messenger contract unauthenticated");
        require(
            LocalL2Messenger(messenger).xDomainMessageSender() == l1TokenBridge,
            "OVM_XCHAIN: wrong sender of cross-domain message"
        );
        _;
    }

    function initialize(address l2Messenger, address l1Bridge) external initializer {
        messenger = l2Messenger;
        l1TokenBridge = l1Bridge;
    }

    function withdraw(address l2Token, uint256 amount, uint32 l1Gas, bytes calldata data) external payable {
        _withdraw(l2Token, msg.sender, amount, l1Gas, data);
    }

    function withdrawMetis(uint256 amount, uint32 l1Gas, bytes calldata data) external payable {
        _withdraw(MVM_COINBASE, msg.sender, amount, l1Gas, data);
    }

    /// @inheritdoc IL2StandardBridge
    function withdrawTo(
        address l2Token,
        address to,
        uint256 amount,
        uint32 l1Gas,
        bytes calldata data
    ) external payable {
        _withdraw(l2Token, to, amount, l1Gas, data);
    }

    /// @inheritdoc IL2StandardBridge
    function withdrawMetisTo(address to, uint256 amount, uint32 l1Gas, bytes calldata data) external payable {
        _withdraw(MVM_COINBASE, to, amount, l1Gas, data);
    }

    /// @notice Mints a deposit that comes from the bridge on Ethereum.
    function finalizeDeposit(
        address l1Token,
        address l2Token,
        address from,
        address to,
        uint256 amount,
        bytes calldata data
    ) external onlyL1Bridge {
        if (ERC165Checker.supportsInterface(l2Token, 0x1d1d8b63) && l1Token == IL2StandardERC20(l2Token).l1Token()) {
            IL2StandardERC20(l2Token).mint(to, amount);
            emit DepositFinalized(l1Token, l2Token, from, to, amount, data);
        } else {
            emit DepositFailed(l1Token, l2Token, from, to, amount, data);
        }
    }

    function _withdraw(address l2Token, address to, uint256 amount, uint32 l1Gas, bytes calldata data) private {
        uint256 fee = IGasPriceOracle(GAS_PRICE_ORACLE).minErc20BridgeCost();
        require(
            msg.value >= fee || msg.sender == SEQUENCER_FEE_WALLET,
            string.concat("insufficient withdrawal fee supplied. need at least ", fee.toString())
        );
        IL2StandardERC20(l2Token).burn(msg.sender, amount);
        address l1Token = IL2StandardERC20(l2Token).l1Token();

        bytes memory message =
            l2Token == MVM_COINBASE
                ? abi.encodeCall(
                    LocalL1StandardBridge.finalizeMetisWithdrawalByChainId,
                    (block.chainid, msg.sender, to, amount, data)
                )
                : abi.encodeCall(
                    LocalL1StandardBridge.finalizeERC20WithdrawalByChainId,
                    (block.chainid, l1Token, l2Token, msg.sender, to, amount, data)
                );
        LocalL2Messenger(messenger).sendMessage{value: msg.value}(l1TokenBridge, message, l1Gas);
        emit WithdrawalInitiated(l1Token, l2Token, msg.sender, to, amount, data);
    }
}
