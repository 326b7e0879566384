// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {SafeTransferLib} from "solady/src/utils/SafeTransferLib.sol";

import {IL2Gateway} from "../interfaces/IL2Gateway.sol";
import {IStakingPool} from "../interfaces/IStakingPool.sol";
import {IGasPriceOracle} from "../interfaces/metis/IGasPriceOracle.sol";
import {IL2StandardBridge} from "../interfaces/metis/IL2StandardBridge.sol";
import {IL2StandardERC20} from "../interfaces/metis/IL2StandardERC20.sol";
import {Messages} from "../libraries/Messages.sol";

/// @title L2Gateway
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
contract L2Gateway is IL2Gateway, AccessManagedUpgradeable, UUPSUpgradeable {
    /// @custom:storage-location erc7201:emetis.storage.L2Gateway
    struct L2GatewayStorage {
        /// The gateway on Ethereum that is listened to.
        address l1Gateway;
        /// Number of the last need sent up.
        uint64 lastNeed;
        /// Whether that one asked for anything.
        bool isNeedy;
        /// What is known of each hash.
        mapping(bytes32 hash => HashState) states;
    }

    IL2StandardBridge private constant BRIDGE = IL2StandardBridge(0x4200000000000000000000000000000000000010);
    IGasPriceOracle private constant GAS_ORACLE = IGasPriceOracle(0x420000000000000000000000000000000000000F);
    // keccak256(abi.encode(uint256(keccak256("emetis.storage.L2Gateway")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_SLOT = 0xd41a9f00d55bc1b6e3f9fbd0fbab0f2c629c111b8f2e73e8c3e11aded5022000;

    /// @notice The pool that everything is handed to.
    IStakingPool public immutable STAKING_POOL;
    /// @notice The chain that messages come from.
    uint256 public immutable L1_CHAIN_ID;

    constructor(IStakingPool stakingPool, uint256 l1ChainId) {
        STAKING_POOL = stakingPool;
        L1_CHAIN_ID = l1ChainId;
        _disableInitializers();
    }

    /// @notice Sets who has power here and, where it is known already, the gateway on Ethereum; zero leaves it unset.
    function initialize(address authority, address l1Gateway) external initializer {
        __AccessManaged_init(authority);
        if (l1Gateway != address(0)) _setL1Gateway(l1Gateway);
    }

    /// @inheritdoc IL2Gateway
    function mint(address to, uint256 amount) external {
        require(msg.sender == address(BRIDGE), L2Gateway__OnlyBridge(msg.sender));
        require(amount <= type(uint96).max, L2Gateway__AmountTooLarge(amount));
        bytes32 hash = Messages.fromChannel(to, amount);
        mapping(bytes32 => HashState) storage states = _storage().states;
        // Sent again, it stays what it is.
        if (states[hash] != HashState.Unknown) return;
        states[hash] = HashState.Known;
        emit MessageArrived(hash);
    }

    /// @inheritdoc IL2Gateway
    function burn(address from, uint256) external view {
        require(msg.sender == address(BRIDGE) && from == address(this), L2Gateway__OnlyBridge(msg.sender));
    }

    /// @inheritdoc IL2Gateway
    function deliver(uint256 number, bytes calldata payload) external returns (bool isComplete) {
        bytes32 hash = messageHash(number, payload);
        mapping(bytes32 => HashState) storage states = _storage().states;
        HashState state = states[hash];
        require(state != HashState.Unknown, L2Gateway__UnknownMessage(number, hash));
        require(state != HashState.Used, L2Gateway__UsedMessage(number, hash));

        states[hash] = HashState.Used;
        if (Messages.kindOf(payload) == Messages.Kind.Report) {
            STAKING_POOL.applyReport(number, Messages.decodeReport(payload));
        } else if (_mintL1Deposit(number, Messages.decodeL1Deposit(payload)) > 0) {
            states[hash] = HashState.Known;
            emit MessagePartlyDelivered(number, hash);
            return false;
        }
        emit MessageDelivered(number, hash);
        return true;
    }

    /// @inheritdoc IL2Gateway
    function forwardArrivals() external returns (uint256 assets) {
        // No function here keeps METIS sent along, so the balance is what arrived and nothing else.
        assets = address(this).balance;
        if (assets == 0) return 0;
        emit ArrivalsForwarded(assets);
        STAKING_POOL.bookArrival{value: assets}();
    }

    /// @inheritdoc IL2Gateway
    function signalNeed() external payable returns (uint256 target) {
        L2GatewayStorage storage $ = _storage();
        require($.l1Gateway != address(0), L2Gateway__PeerUnset());
        target = STAKING_POOL.neededFromL1();
        // Once nothing is needed any more that can be said too, and once.
        require(target > 0 || $.isNeedy, L2Gateway__NoNeed());
        uint256 fee = GAS_ORACLE.minErc20BridgeCost();
        require(msg.value >= fee, L2Gateway__FeeTooLow(msg.value, fee));

        uint64 number = ++$.lastNeed;
        $.isNeedy = target > 0;
        emit NeedSignalled(number, target);
        // Both fit: the pool's lines are uint96. One unit goes up, for a withdrawal of none could be forged.
        address to = Messages.toAddress(Messages.Need({number: number, target: uint96(target)}));
        BRIDGE.withdrawTo{value: fee}(address(this), to, 1, 0, "");

        uint256 surplus = msg.value - fee;
        if (surplus > 0 && !SafeTransferLib.trySafeTransferETH(msg.sender, surplus, gasleft())) {
            revert L2Gateway__RefundFailed(msg.sender, surplus);
        }
    }

    /// @inheritdoc IL2Gateway
    function setL1Gateway(address l1Gateway) external restricted {
        require(l1Gateway != address(0), L2Gateway__ZeroAddress());
        _setL1Gateway(l1Gateway);
    }

    /// @inheritdoc IL2Gateway
    function l1Token() external view returns (address) {
        return _storage().l1Gateway;
    }

    /// @inheritdoc IL2Gateway
    function hashState(bytes32 hash) external view returns (HashState state) {
        return _storage().states[hash];
    }

    /// @inheritdoc IL2Gateway
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IERC165).interfaceId || interfaceId == type(IL2StandardERC20).interfaceId;
    }

    /// @inheritdoc IL2Gateway
    function messageHash(uint256 number, bytes calldata payload) public view returns (bytes32 hash) {
        Messages.Route memory route = Messages.Route({
            l1ChainId: L1_CHAIN_ID,
            l2ChainId: block.chainid,
            l1Gateway: _storage().l1Gateway,
            l2Gateway: address(this)
        });
        return Messages.envelopeHash(route, number, keccak256(payload));
    }

    // solhint-disable-next-line no-empty-blocks
    function _authorizeUpgrade(address) internal override restricted {}

    /// @dev Below par eMetis is worth less than the METIS deposited for it: only the receiver may say that it is to be minted.
    function _mintL1Deposit(uint256 number, Messages.L1Deposit memory l1Deposit) private returns (uint256 remaining) {
        if (msg.sender != l1Deposit.receiver) {
            uint256 rate = STAKING_POOL.redemptionRate();
            require(rate == 1e18, L2Gateway__BelowPar(number, rate));
        }
        return STAKING_POOL.mintL1Deposit(number, l1Deposit);
    }

    function _setL1Gateway(address l1Gateway) private {
        _storage().l1Gateway = l1Gateway;
        emit L1GatewaySet(l1Gateway);
    }

    function _storage() private pure returns (L2GatewayStorage storage $) {
        // solhint-disable-next-line no-inline-assembly
        assembly {
            $.slot := STORAGE_SLOT
        }
    }
}
