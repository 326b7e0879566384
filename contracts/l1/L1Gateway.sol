// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IL1Gateway} from "../interfaces/IL1Gateway.sol";
import {ILockManager} from "../interfaces/ILockManager.sol";
import {IAddressManager} from "../interfaces/metis/IAddressManager.sol";
import {IDiscountOracle} from "../interfaces/metis/IDiscountOracle.sol";
import {IL1StandardBridge} from "../interfaces/metis/IL1StandardBridge.sol";
import {BridgeGas} from "../libraries/BridgeGas.sol";
import {Messages} from "../libraries/Messages.sol";

/// @title L1Gateway
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
contract L1Gateway is IL1Gateway, AccessManagedUpgradeable, UUPSUpgradeable {
    using SafeERC20 for IERC20;

    /// @custom:storage-location erc7201:emetis.storage.L1Gateway
    struct L1GatewayStorage {
        /// The peer on Metis; zero until it is known.
        address l2Gateway;
        /// What the bridge may take once, while a message is being sent; else 0.
        uint96 expected;
    }

    /// @dev METIS on Metis, as the bridge calls it.
    address private constant L2_METIS = 0xDeadDeAddeAddEAddeadDEaDDEAdDeaDDeAD0000;

    bytes32 private constant STORAGE_LOCATION = 0x49cbb329960e043b7a619c6e0a22598afe49f1be05c4d04c2b56fa944308b400;

    /// @notice The protocol on Ethereum.
    ILockManager public immutable LOCK_MANAGER;
    /// @notice METIS on Ethereum.
    IERC20 public immutable METIS;
    /// @notice Metis's token bridge on Ethereum.
    IL1StandardBridge public immutable BRIDGE;
    /// @notice The chain id of Metis.
    uint256 public immutable L2_CHAIN_ID;

    modifier onlyLockManager() {
        require(msg.sender == address(LOCK_MANAGER), L1Gateway__OnlyLockManager(msg.sender));
        _;
    }

    modifier onlyBridge() {
        require(msg.sender == address(BRIDGE), L1Gateway__OnlyBridge(msg.sender));
        _;
    }

    constructor(ILockManager lockManager, IERC20 metis, IL1StandardBridge bridge, uint256 l2ChainId) {
        LOCK_MANAGER = lockManager;
        METIS = metis;
        BRIDGE = bridge;
        L2_CHAIN_ID = l2ChainId;
        _disableInitializers();
    }

    /// @notice Sets the AccessManager and the peer, which may be zero until it is known.
    function initialize(address authority, address initialL2Gateway) external initializer {
        __AccessManaged_init(authority);
        __UUPSUpgradeable_init();
        _storage().l2Gateway = initialL2Gateway;
        emit L2GatewaySet(initialL2Gateway);
    }

    /// @inheritdoc IL1Gateway
    function sendMessage(uint256 number, bytes32 payloadHash) external payable onlyLockManager {
        address peer = _peer();
        _requireFee(messageFee());
        bytes32 hash = messageHash(number, payloadHash);
        (address to, uint256 amount) = Messages.toChannel(hash);
        // The amount is the low 96 bits of a hash: it fits.
        _storage().expected = uint96(amount);
        emit MessageHashSent(number, hash);
        _deposit(address(this), peer, to, amount, BridgeGas.MESSAGE);
        require(_storage().expected == 0, L1Gateway__MessageNotTaken());
    }

    /// @inheritdoc IL1Gateway
    function sendMetis(uint256 assets) external payable onlyLockManager {
        address peer = _peer();
        _requireFee(metisFee());
        emit MetisSent(assets);
        METIS.safeTransferFrom(msg.sender, address(this), assets);
        METIS.forceApprove(address(BRIDGE), assets);
        _deposit(address(METIS), L2_METIS, peer, assets, BridgeGas.METIS);
    }

    /// @inheritdoc IL1Gateway
    function transferFrom(address from, address to, uint256 amount) external onlyBridge returns (bool isDone) {
        bool isExpected = amount != 0 && amount == _storage().expected;
        isExpected = isExpected && from == address(this) && to == msg.sender;
        require(isExpected, L1Gateway__UnexpectedTransfer(from, to, amount));
        _storage().expected = 0;
        return true;
    }

    /// @inheritdoc IL1Gateway
    function transfer(address to, uint256 amount) external onlyBridge returns (bool isDone) {
        // One unit only: anyone can have the bridge transfer nothing, by a token of his own on Metis.
        require(amount == 1, L1Gateway__UnexpectedTransfer(msg.sender, to, amount));
        Messages.Need memory need = Messages.toNeed(to);
        emit NeedArrived(need.number, need.target);
        LOCK_MANAGER.raiseNeed(need.number, need.target);
        return true;
    }

    /// @inheritdoc IL1Gateway
    function sweep() external returns (uint256 assets) {
        assets = METIS.balanceOf(address(this));
        METIS.safeTransfer(address(LOCK_MANAGER), assets);
    }

    /// @inheritdoc IL1Gateway
    function setL2Gateway(address newL2Gateway) external restricted {
        require(newL2Gateway != address(0), L1Gateway__ZeroAddress());
        _storage().l2Gateway = newL2Gateway;
        emit L2GatewaySet(newL2Gateway);
    }

    /// @inheritdoc IL1Gateway
    function l2Gateway() external view returns (address) {
        return _storage().l2Gateway;
    }

    /// @inheritdoc IL1Gateway
    function metisFee() public view returns (uint256 fee) {
        return _fee(BridgeGas.METIS);
    }

    /// @inheritdoc IL1Gateway
    function messageFee() public view returns (uint256 fee) {
        return _fee(BridgeGas.MESSAGE);
    }

    /// @inheritdoc IL1Gateway
    function messageHash(uint256 number, bytes32 payloadHash) public view returns (bytes32 hash) {
        Messages.Route memory route = Messages.Route({
            l1ChainId: block.chainid,
            l2ChainId: L2_CHAIN_ID,
            l1Gateway: address(this),
            l2Gateway: _storage().l2Gateway
        });
        return Messages.envelopeHash(route, number, payloadHash);
    }

    function _authorizeUpgrade(address) internal override restricted {}

    function _deposit(address l1Token, address l2Token, address to, uint256 amount, uint32 l2Gas) private {
        BRIDGE.depositERC20ToByChainId{value: msg.value}(L2_CHAIN_ID, l1Token, l2Token, to, amount, l2Gas, "");
    }

    function _requireFee(uint256 fee) private view {
        require(msg.value == fee, L1Gateway__WrongFee(msg.value, fee));
    }

    function _peer() private view returns (address peer) {
        peer = _storage().l2Gateway;
        require(peer != address(0), L1Gateway__PeerUnset());
    }

    /// @dev The bridge charges so, and it too reads no more than 32 bits of the least gas.
    function _fee(uint32 l2Gas) private view returns (uint256 fee) {
        address oracle = IAddressManager(BRIDGE.addressmgr()).getAddress("MVM_DiscountOracle");
        uint32 minL2Gas = uint32(IDiscountOracle(oracle).getMinL2Gas());
        return (l2Gas > minL2Gas ? l2Gas : minL2Gas) * IDiscountOracle(oracle).getDiscount();
    }

    function _storage() private pure returns (L1GatewayStorage storage $) {
        bytes32 location = STORAGE_LOCATION;
        assembly {
            $.slot := location
        }
    }
}
