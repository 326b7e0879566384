// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

import {IAddressManager} from "../../interfaces/metis/IAddressManager.sol";
import {IDiscountOracle} from "../../interfaces/metis/IDiscountOracle.sol";
import {IL1StandardBridge} from "../../interfaces/metis/IL1StandardBridge.sol";
import {LocalL2StandardBridge} from "../l2/LocalL2StandardBridge.sol";

import {LocalL1Messenger} from "./LocalL1Messenger.sol";

/// @title LocalL1StandardBridge
/// @notice Local only. L1StandardBridge: tokens from Ethereum to Metis and back.
/// @dev Keeps: the fee and that all of `msg.value` is passed on; `transferFrom` before anything else; METIS going out as token 0; the counter of
/// deposits, whose underflow reverts; withdrawals as a plain `transfer`; chain 1088 in the functions without a chain id.
/// Leaves out: all of bridged ETH.
contract LocalL1StandardBridge is IL1StandardBridge {
    using SafeERC20 for IERC20;
    using Strings for uint256;

    uint256 public constant DEFAULT_CHAINID = 1088;
    address internal constant MVM_COINBASE = 0xDeadDeAddeAddEAddeadDEaDDEAdDeaDDeAD0000;

    address public messenger;
    address public l2TokenBridge;
    address public metis;
    address public addressmgr;
    mapping(address l1Token => mapping(uint256 chainId => mapping(address l2Token => uint256))) public deposits;

    event ERC20ChainID(uint256 _chainid);

    modifier onlyEOA() {
        require(msg.sender.code.length == 0, "Account not EOA");
        _;
    }

    modifier onlyL2Bridge() {
        require(msg.sender == messenger, "OVM_XCHAIN: messenger contract unauthenticated");
        require(
            LocalL1Messenger(messenger).xDomainMessageSender() == l2TokenBridge,
            "OVM_XCHAIN: wrong sender of cross-domain message"
        );
        _;
    }

    function initialize(address l1Messenger, address l2Bridge, address metisToken, address addressManager) external {
        require(messenger == address(0), "Contract has already been initialized.");
        messenger = l1Messenger;
        l2TokenBridge = l2Bridge;
        metis = metisToken;
        addressmgr = addressManager;
    }

    /// @notice Local. Stands for the deposits made before this chain began, so that METIS of its genesis can be withdrawn. Takes the METIS from
    /// the caller.
    function depositGenesis(uint256 chainId, uint256 amount) external {
        IERC20(metis).safeTransferFrom(msg.sender, address(this), amount);
        deposits[metis][chainId][MVM_COINBASE] += amount;
    }

    function depositERC20(
        address l1Token,
        address l2Token,
        uint256 amount,
        uint32 l2Gas,
        bytes calldata data
    ) external onlyEOA {
        _deposit(DEFAULT_CHAINID, l1Token, l2Token, msg.sender, amount, l2Gas, data);
    }

    function depositERC20To(
        address l1Token,
        address l2Token,
        address to,
        uint256 amount,
        uint32 l2Gas,
        bytes calldata data
    ) external {
        _deposit(DEFAULT_CHAINID, l1Token, l2Token, to, amount, l2Gas, data);
    }

    function depositERC20ByChainId(
        uint256 chainId,
        address l1Token,
        address l2Token,
        uint256 amount,
        uint32 l2Gas,
        bytes calldata data
    ) external payable onlyEOA {
        _deposit(chainId, l1Token, l2Token, msg.sender, amount, l2Gas, data);
    }

    /// @inheritdoc IL1StandardBridge
    function depositERC20ToByChainId(
        uint256 chainId,
        address l1Token,
        address l2Token,
        address to,
        uint256 amount,
        uint32 l2Gas,
        bytes calldata data
    ) external payable {
        _deposit(chainId, l1Token, l2Token, to, amount, l2Gas, data);
    }

    function finalizeMetisWithdrawalByChainId(
        uint256 chainId,
        address from,
        address to,
        uint256 amount,
        bytes calldata data
    ) external onlyL2Bridge {
        _finalizeWithdrawal(chainId, metis, MVM_COINBASE, from, to, amount, data);
    }

    function finalizeERC20Withdrawal(
        address l1Token,
        address l2Token,
        address from,
        address to,
        uint256 amount,
        bytes calldata data
    ) external onlyL2Bridge {
        _finalizeWithdrawal(DEFAULT_CHAINID, l1Token, l2Token, from, to, amount, data);
    }

    function finalizeERC20WithdrawalByChainId(
        uint256 chainId,
        address l1Token,
        address l2Token,
        address from,
        address to,
        uint256 amount,
        bytes calldata data
    ) external onlyL2Bridge {
        _finalizeWithdrawal(chainId, l1Token, l2Token, from, to, amount, data);
    }

    function _deposit(
        uint256 chainId,
        address l1Token,
        address l2Token,
        address to,
        uint256 amount,
        uint32 l2Gas,
        bytes calldata data
    ) private {
        l2Gas = _chargeFee(l2Gas);
        IERC20(l1Token).safeTransferFrom(msg.sender, address(this), amount);

        bool isMetis = l1Token == metis;
        if (isMetis) l2Token = MVM_COINBASE;
        bytes memory message = abi.encodeCall(
            LocalL2StandardBridge.finalizeDeposit,
            (isMetis ? address(0) : l1Token, l2Token, msg.sender, to, amount, data)
        );
        LocalL1Messenger(messenger).sendMessageViaChainId{value: msg.value}(chainId, l2TokenBridge, message, l2Gas);

        deposits[l1Token][chainId][l2Token] += amount;
        emit ERC20ChainID(chainId);
        emit ERC20DepositInitiated(l1Token, l2Token, msg.sender, to, amount, data);
    }

    function _finalizeWithdrawal(
        uint256 chainId,
        address l1Token,
        address l2Token,
        address from,
        address to,
        uint256 amount,
        bytes calldata data
    ) private {
        deposits[l1Token][chainId][l2Token] -= amount;
        IERC20(l1Token).safeTransfer(to, amount);
        emit ERC20ChainID(chainId);
        emit ERC20WithdrawalFinalized(l1Token, l2Token, from, to, amount, data);
    }

    /// @dev Returns the gas that the message gets: never below the oracle's least.
    function _chargeFee(uint32 l2Gas) private view returns (uint32) {
        IDiscountOracle oracle = IDiscountOracle(IAddressManager(addressmgr).getAddress("MVM_DiscountOracle"));
        uint32 least = uint32(oracle.getMinL2Gas());
        if (l2Gas < least) l2Gas = least;
        uint256 fee = l2Gas * oracle.getDiscount();
        require(fee <= msg.value, string.concat("insufficient fee supplied. send at least ", fee.toString()));
        return l2Gas;
    }
}
