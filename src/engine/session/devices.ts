/** Devices: what ONNX Runtime calls them, in which order they are tried, and what to install where one is missing. */
import { existsSync } from 'node:fs';
import type { Device } from '../../protocol/results';

/** In the order in which `auto` tries them. CUDA and the rest count only where they were installed. */
const order: readonly Device[] = ['cuda', 'dml', 'coreml', 'webgpu', 'cpu'];

/**
 * The devices that `auto` tries on this machine, best first. What cannot be there is left out: DirectML and CoreML on
 * other systems, CUDA without a runtime folder of the user's (`higan.onnxruntime`), WebGPU on a Linux machine that shows neither a
 * GPU nor a Vulkan driver.
 */
export function autoDevices(runtime: string | null): Device[] {
  return order.filter((device) => {
    if (device === 'cuda') return runtime !== null;
    if (device === 'dml') return process.platform === 'win32';
    if (device === 'coreml') return process.platform === 'darwin';
    if (device === 'webgpu') return process.platform !== 'linux' || hasVulkanDevice();
    return true;
  });
}

function hasVulkanDevice(): boolean {
  const named = process.env['VK_DRIVER_FILES'] ?? process.env['VK_ICD_FILENAMES'];
  return named !== undefined || existsSync('/dev/dri') || existsSync('/dev/nvidia0');
}

/** What makes a device usable that is not. */
export function remedy(device: Device): string {
  switch (device) {
    case 'cpu':
      return 'Reinstall the package onnxruntime-node (npm ci).';
    case 'webgpu':
      return 'Install a graphics driver with Vulkan (Linux, and libvulkan1), Direct3D 12 (Windows) or Metal (macOS), or choose device cpu.';
    case 'cuda':
      return 'Install onnxruntime-node with CUDA 12 and cuDNN 9 in a folder (npm i onnxruntime-node, Linux x64, with its install step allowed), name that folder as the runtime (setting higan.onnxruntime), or choose device cpu.';
    case 'dml':
      return 'DirectML needs Windows 10 or newer and a DirectX 12 card; choose device webgpu or cpu elsewhere.';
    case 'coreml':
      return 'CoreML needs macOS on Apple silicon; choose device webgpu or cpu elsewhere.';
  }
}
